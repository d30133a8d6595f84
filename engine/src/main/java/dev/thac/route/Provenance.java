package dev.thac.route;

import dev.thac.event.Earlier;
import dev.thac.event.Event;
import dev.thac.event.Header;
import dev.thac.event.RecordId;
import dev.thac.event.Trail;
import dev.thac.event.Verdict;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The headers of output records: the source's own, save {@code thac.} ones of an earlier pipeline,
 * then {@code thac.source} (topic-partition@offset), {@code thac.pipeline}, in a sample {@code
 * thac.sample} (its share) and {@code thac.sample.stratum}, for each analysis {@code
 * thac.<analysis>.tier}, {@code .model}, {@code .confidence} and {@code .reason}, and the sums over
 * all analyses and all passes {@code thac.cost.nanos}, {@code thac.tokens} and {@code
 * thac.attempts}. What of cost and tokens stands in a dead letter of the same event already, which
 * a person sent back, is repeated in {@code thac.cost.nanos.before} and {@code thac.tokens.before}:
 * sums over dead letters and outputs take it off. Empty and zero ones are left out. Thread-safe.
 */
final class Provenance {

    private static final String PREFIX = "thac.";

    private static final String CACHE = "cache";

    /** Words that repeat (tiers, model ids): as many as this are kept encoded. */
    private static final int KEPT_WORDS = 512;

    private final Header pipeline;
    private final ConcurrentHashMap<String, Names> names = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, byte[]> words = new ConcurrentHashMap<>();

    /** The header names of one analysis. */
    private record Names(String tier, String model, String confidence, String reason) {
        static Names of(String analysis) {
            String prefix = PREFIX + analysis;
            return new Names(
                    prefix + ".tier",
                    prefix + ".model",
                    prefix + ".confidence",
                    prefix + ".reason");
        }
    }

    Provenance(String pipeline) {
        this.pipeline = Header.text(PREFIX + "pipeline", pipeline);
    }

    List<Header> headers(Event event, Trail trail, List<Header> marks) {
        List<Header> carried = event.delivery().headers();
        List<Verdict> verdicts = trail.verdicts();
        List<Header> headers = new ArrayList<>(carried.size() + 4 * verdicts.size() + 5);
        for (Header header : carried) {
            if (!header.key().startsWith(PREFIX)) {
                headers.add(header);
            }
        }
        headers.add(new Header(PREFIX + "source", source(event.id())));
        headers.add(pipeline);
        if (!marks.isEmpty()) {
            headers.addAll(marks);
        }
        for (Verdict verdict : verdicts) {
            add(headers, verdict);
        }
        if (!verdicts.isEmpty()) {
            addSum(headers, PREFIX + "cost.nanos", trail.price().nanos());
            addSum(headers, PREFIX + "tokens", trail.tokens());
            Earlier.Reported before = trail.earlier().reported();
            addSum(headers, PREFIX + "cost.nanos.before", before.cost().nanos());
            addSum(headers, PREFIX + "tokens.before", before.tokens());
            addAttemptsAndPrompts(headers, trail);
        }
        return headers;
    }

    private void add(List<Header> headers, Verdict verdict) {
        Names name = names(verdict.analysis());
        if (!verdict.tier().isEmpty()) {
            headers.add(new Header(name.tier, word(verdict.tier())));
        }
        if (verdict.model().isPresent()) {
            headers.add(new Header(name.model, word(verdict.model().get())));
        }
        if (verdict.confidence().isPresent()) {
            headers.add(
                    Header.text(
                            name.confidence, Double.toString(verdict.confidence().getAsDouble())));
        }
        if (!verdict.reason().isEmpty()) {
            headers.add(reason(name.reason, verdict));
        }
    }

    /** The cache's reasons name events and do not repeat. */
    private Header reason(String name, Verdict verdict) {
        return verdict.tier().equals(CACHE)
                ? Header.text(name, verdict.reason())
                : new Header(name, word(verdict.reason()));
    }

    private void addAttemptsAndPrompts(List<Header> headers, Trail trail) {
        String prompts = "";
        for (Verdict verdict : trail.verdicts()) {
            if (!verdict.prompt().isEmpty()) {
                prompts = prompts.isEmpty() ? verdict.prompt() : prompts + "," + verdict.prompt();
            }
        }
        headers.add(new Header(PREFIX + "attempts", word(Integer.toString(trail.attempts()))));
        if (!prompts.isEmpty()) {
            headers.add(Header.text(PREFIX + "prompt", prompts));
        }
    }

    private static void addSum(List<Header> headers, String name, long sum) {
        if (sum != 0) {
            headers.add(Header.text(name, Long.toString(sum)));
        }
    }

    private Names names(String analysis) {
        Names known = names.get(analysis);
        return known == null ? names.computeIfAbsent(analysis, Names::of) : known;
    }

    private byte[] word(String word) {
        byte[] known = words.get(word);
        if (known != null) {
            return known;
        }
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        if (words.size() < KEPT_WORDS) {
            words.put(word, bytes);
        }
        return bytes;
    }

    /** {@link RecordId#toString()} as bytes, with the part that repeats kept. */
    private byte[] source(RecordId id) {
        byte[] prefix = word(id.topic());
        int partition = digits(id.partition());
        int offset = digits(id.offset());
        byte[] text = Arrays.copyOf(prefix, prefix.length + partition + offset + 2);
        int at = prefix.length;
        text[at] = '-';
        write(id.partition(), text, at + 1, partition);
        at += partition + 1;
        text[at] = '@';
        write(id.offset(), text, at + 1, offset);
        return text;
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private static void write(long number, byte[] text, int start, int digits) {
        long rest = number;
        for (int i = start + digits - 1; i >= start; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
