package dev.thac.window;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * What windows must come to, computed from the whole log in the plainest way: which events are late
 * in their partition, or too far ahead; which of the others lie in which window; their figures.
 * Shares no code with the windows.
 */
final class PlainModel {

    private final WindowSpec spec;
    private final Map<String, List<Taken>> byUser = new TreeMap<>();
    private int late;

    /** An event and how far time was in its partition. */
    private record Taken(Clicks click, long watermark, int place) {}

    PlainModel(WindowSpec spec) {
        this.spec = spec;
    }

    /** Takes in the log of one source partition. */
    PlainModel partition(List<Clicks> log) {
        long watermark = -1;
        for (int place = 0; place < log.size(); place++) {
            Clicks click = log.get(place);
            if (click.ahead()) {
                late++;
                continue; // what nobody believes moves no time on
            }
            if (isLate(click.time(), watermark)) {
                late++;
            } else {
                byUser.computeIfAbsent(click.user(), _ -> new ArrayList<>())
                        .add(new Taken(click, watermark, place));
            }
            watermark = Math.max(watermark, click.time());
        }
        return this;
    }

    int late() {
        return late;
    }

    private boolean isLate(long time, long watermark) {
        long grace = spec.grace().toMillis();
        if (spec.sliding().isPresent()) {
            return time + grace < watermark;
        }
        if (spec.session().isPresent()) {
            return time + spec.session().get().toMillis() + grace <= watermark;
        }
        long newest = 0;
        for (long start : starts(time)) {
            newest = Math.max(newest, start);
        }
        return end(newest) + grace <= watermark;
    }

    private boolean days() {
        return size() % 86_400_000 == 0;
    }

    private long end(long start) {
        return days() ? midnight(date(start).plusDays(size() / 86_400_000)) : start + size();
    }

    private LocalDate date(long time) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(time), ZoneId.of(spec.zone()));
    }

    private long midnight(LocalDate date) {
        return date.atStartOfDay(ZoneId.of(spec.zone())).toInstant().toEpochMilli();
    }

    private long size() {
        return spec.tumbling().or(spec::hopping).orElseThrow().toMillis();
    }

    private List<Long> starts(long time) {
        long every = spec.every().orElse(java.time.Duration.ofMillis(size())).toMillis();
        List<Long> starts = new ArrayList<>();
        if (days()) {
            LocalDate monday = LocalDate.of(2001, 1, 1);
            LocalDate around = date(time);
            for (int i = 1; i >= -1 - size() / 86_400_000; i--) {
                LocalDate begin = around.plusDays(i);
                boolean begins =
                        Math.floorMod(ChronoUnit.DAYS.between(monday, begin), every / 86_400_000)
                                == 0;
                if (begins && midnight(begin) <= time && time < end(midnight(begin))) {
                    starts.add(midnight(begin));
                }
            }
            return starts;
        }
        for (long start = time / every * every; start > time - size(); start -= every) {
            starts.add(start);
        }
        return starts;
    }

    /** User and start of the window, to its end and figures. */
    Map<String, Map<String, Object>> results() {
        Map<String, Map<String, Object>> results = new TreeMap<>();
        byUser.forEach(
                (user, taken) -> {
                    if (spec.sliding().isPresent()) {
                        sliding(user, taken, results);
                    } else if (spec.session().isPresent()) {
                        sessions(user, taken, results);
                    } else {
                        aligned(user, taken, results);
                    }
                });
        results.keySet().removeIf(key -> key.startsWith("nobody"));
        return results;
    }

    private void aligned(String user, List<Taken> all, Map<String, Map<String, Object>> results) {
        Map<Long, List<Taken>> windows = new HashMap<>();
        for (Taken taken : all) {
            for (long start : starts(taken.click().time())) {
                if (end(start) + spec.grace().toMillis() > taken.watermark()) {
                    windows.computeIfAbsent(start, _ -> new ArrayList<>()).add(taken);
                }
            }
        }
        windows.forEach((start, taken) -> put(results, user, start, end(start), taken));
    }

    private void sessions(String user, List<Taken> all, Map<String, Map<String, Object>> results) {
        long gap = spec.session().orElseThrow().toMillis();
        List<Taken> sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparingLong(taken -> taken.click().time()));
        int first = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            long last = sorted.get(i - 1).click().time();
            if (i == sorted.size() || sorted.get(i).click().time() - last >= gap) {
                put(
                        results,
                        user,
                        sorted.get(first).click().time(),
                        last + gap,
                        sorted.subList(first, i));
                first = i;
            }
        }
    }

    private void sliding(String user, List<Taken> all, Map<String, Map<String, Object>> results) {
        long size = spec.sliding().orElseThrow().toMillis();
        Set<Long> ends = new TreeSet<>();
        all.forEach(taken -> ends.add(taken.click().time()));
        BiPredicate<Long, Long> inside = (end, time) -> time > end - size && time <= end;
        for (long end : ends) {
            List<Taken> window =
                    all.stream().filter(taken -> inside.test(end, taken.click().time())).toList();
            put(results, user, end - size, end, window);
        }
    }

    private static void put(
            Map<String, Map<String, Object>> results,
            String user,
            long start,
            long end,
            List<Taken> taken) {
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal least = null;
        BigDecimal most = null;
        Set<String> pages = new HashSet<>();
        Map<String, Long> visits = new HashMap<>();
        Taken last = taken.getFirst();
        for (Taken each : taken) {
            BigDecimal amount = BigDecimal.valueOf(each.click().amount(), 2);
            sum = sum.add(amount);
            least = least == null ? amount : least.min(amount);
            most = most == null ? amount : most.max(amount);
            pages.add(each.click().page());
            visits.merge(each.click().page(), 1L, Long::sum);
            if (each.click().time() > last.click().time()
                    || each.click().time() == last.click().time() && each.place() >= last.place()) {
                last = each;
            }
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("end", Instant.ofEpochMilli(end).toString());
        figures.put("clicks", (long) taken.size());
        figures.put("sum", decimal(sum));
        figures.put(
                "avg",
                decimal(
                        sum.divide(
                                BigDecimal.valueOf(taken.size()),
                                new MathContext(16, RoundingMode.HALF_EVEN))));
        figures.put("min", decimal(java.util.Objects.requireNonNull(least)));
        figures.put("max", decimal(java.util.Objects.requireNonNull(most)));
        figures.put("pages", (long) pages.size());
        figures.put("last", last.click().page());
        figures.put(
                "top",
                visits.entrySet().stream()
                        .sorted(
                                Map.Entry.<String, Long>comparingByValue()
                                        .reversed()
                                        .thenComparing(Map.Entry.comparingByKey()))
                        .limit(2)
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList()
                        .toString());
        results.put(user + "@" + Instant.ofEpochMilli(start), figures);
    }

    static String decimal(Object number) {
        return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
    }
}
