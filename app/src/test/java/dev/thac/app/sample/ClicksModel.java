package dev.thac.app.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the example of clicks must come to, computed from its input topic in the plainest way.
 * Shares no code with the windows.
 */
final class ClicksModel {

    private static final long PAGE_WINDOW = Duration.ofMinutes(5).toMillis();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long GRACE = Duration.ofSeconds(30).toMillis();
    private static final int MOST = 100;

    /** A user's clicks of a burst are closer to each other than this. */
    private static final long APART = Duration.ofSeconds(5).toMillis();

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<Integer, Long> watermarks = new HashMap<>();
    private final Map<String, Integer> clicks = new HashMap<>();
    private final Map<String, Set<String>> users = new HashMap<>();
    private final Map<String, List<Long>> open = new HashMap<>();
    private final Map<String, List<Long>> all = new TreeMap<>();
    private final List<String> alerts = new ArrayList<>();
    private int late;

    /** The next record of the input topic, those of a partition in their order. */
    void take(ConsumerRecord<byte[], byte[]> record) throws IOException {
        JsonNode click;
        try {
            click = JSON.readTree(record.value());
        } catch (JsonProcessingException _) { // cut off: a dead letter
            return;
        }
        if (!click.has("user_id") || !click.path("page_url").asText().startsWith("/")) {
            return;
        }
        String user = click.path("user_id").asText();
        String page = click.path("page_url").asText();
        long time = Instant.parse(click.path("timestamp").asText()).toEpochMilli();
        long watermark = watermarks.getOrDefault(record.partition(), Long.MIN_VALUE);
        watermarks.merge(record.partition(), time, Math::max);
        if (user.equals("nobody")) {
            return;
        }
        long opened = Math.floorDiv(time, PAGE_WINDOW) * PAGE_WINDOW;
        if (opened + PAGE_WINDOW + GRACE > watermark) {
            String name = page + " " + Instant.ofEpochMilli(opened);
            clicks.merge(name, 1, Integer::sum);
            users.computeIfAbsent(name, _ -> new HashSet<>()).add(user);
        } else {
            late++;
        }
        if (time + GRACE >= watermark) {
            all.computeIfAbsent(user, _ -> new ArrayList<>()).add(time);
            open.computeIfAbsent(user, _ -> new ArrayList<>()).add(time);
            watch(user, open.getOrDefault(user, List.of()), time);
        } else {
            late++;
        }
    }

    /** Looks at each minute that ends with a click and holds the one that has come. */
    private void watch(String user, List<Long> times, long came) {
        List<Long> ends =
                times.stream()
                        .filter(end -> end >= came && end < came + MINUTE)
                        .distinct()
                        .sorted()
                        .toList();
        for (long end : ends) {
            long count = times.stream().filter(time -> time > end - MINUTE && time <= end).count();
            if (count > MOST) {
                alerts.add(user + " " + Instant.ofEpochMilli(end) + " " + count);
                times.removeIf(time -> time <= end);
            }
        }
    }

    /** How many clicks were late for one of the windows. */
    int late() {
        return late;
    }

    /** Page and start of the window, to clicks and users. */
    Map<String, String> pages() {
        Map<String, String> pages = new TreeMap<>();
        clicks.forEach(
                (name, many) ->
                        pages.put(
                                name,
                                many + " clicks of " + users.getOrDefault(name, Set.of()).size()));
        return pages;
    }

    /** User, end of the minute and its clicks. */
    List<String> alerts() {
        return alerts;
    }

    /**
     * How often each user clicked more than a hundred times in a minute without a pause: by the
     * times of the clicks alone, whatever the order in which they came.
     */
    Map<String, Integer> bursts() {
        Map<String, Integer> bursts = new TreeMap<>();
        all.forEach(
                (user, times) -> {
                    List<Long> sorted = times.stream().sorted().toList();
                    int first = 0;
                    for (int i = 1; i <= sorted.size(); i++) {
                        if (i == sorted.size() || sorted.get(i) - sorted.get(i - 1) > APART) {
                            if (burst(sorted.subList(first, i))) {
                                bursts.merge(user, 1, Integer::sum);
                            }
                            first = i;
                        }
                    }
                });
        return bursts;
    }

    private static boolean burst(List<Long> times) {
        for (int i = MOST; i < times.size(); i++) {
            if (times.get(i) - times.get(i - MOST) < MINUTE) {
                return true;
            }
        }
        return false;
    }
}
