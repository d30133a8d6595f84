package dev.thac.cascade;

import dev.thac.event.CacheFill;
import dev.thac.event.Digest;
import dev.thac.event.JsonText;
import dev.thac.event.JsonTree;
import dev.thac.event.Money;
import dev.thac.event.RecordId;
import dev.thac.event.TokenUsage;
import dev.thac.event.Verdict;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Answers of one analysis by what was asked, bounded in number, in memory and in age; the one not
 * used for longest makes room. They are kept as JSON, which is a third of the size of their trees
 * and makes the bound in memory true. Thread-safe: lanes look up and fill, each for a moment.
 */
final class AnswerCache {

    /** The tier in verdicts and metrics. */
    static final String NAME = "cache";

    /**
     * What an answer takes in memory besides its JSON, about: the entry of the map and its place in
     * the table (64), key (48), {@link Kept} (72), array header (16), source (32), rounding. The
     * names of models, prompts and topics are shared.
     */
    static final long OVERHEAD = 256;

    private final int mostEntries;
    private final long mostBytes;
    private final long expiryNanos;
    private final Ticker ticker;
    private final Object lock = new Object();
    private final LinkedHashMap<Digest, Kept> answers = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    @SuppressWarnings("ArrayRecordComponent") // shared with nobody
    private record Kept(
            byte[] fields,
            Optional<String> model,
            OptionalDouble confidence,
            String prompt,
            RecordId source,
            long sinceNanos) {

        long bytes() {
            return OVERHEAD + fields.length;
        }
    }

    AnswerCache(CacheSpec spec, Ticker ticker) {
        this.mostEntries = spec.size();
        this.mostBytes = spec.bytes().bytes();
        this.expiryNanos = spec.expiry().toNanos();
        this.ticker = ticker;
    }

    /** Looks for an answer, as it answers another event: for nothing. Waits for no event. */
    @Nullable Verdict find(Digest input, String analysis) {
        Kept kept = kept(input);
        if (kept == null) {
            return null;
        }
        if (!(JsonTree.read(kept.fields) instanceof Map<?, ?> tree)) {
            throw new IllegalStateException("an answer is an object");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        tree.forEach((name, value) -> fields.put((String) name, value));
        return verdict(
                analysis,
                fields,
                kept.model,
                kept.confidence,
                "same input as " + kept.source,
                kept.prompt);
    }

    /** The answer of an event that was judged at the same time, as it answers another event. */
    static Verdict shared(CacheFill fill) {
        Verdict given = fill.verdict();
        return verdict(
                given.analysis(),
                Descent.fields(given),
                given.model(),
                given.confidence(),
                "same input as " + fill.source() + ", asked at the same time",
                given.prompt());
    }

    /** Keeps an answer. One that is larger than the whole cache may be is not kept. */
    void keep(CacheFill fill) {
        Verdict verdict = fill.verdict();
        Kept kept =
                new Kept(
                        JsonText.bytes(Descent.fields(verdict)),
                        verdict.model(),
                        verdict.confidence(),
                        verdict.prompt(),
                        fill.source(),
                        ticker.nanos());
        if (kept.bytes() > mostBytes) {
            return;
        }
        synchronized (lock) {
            Kept before = answers.put(fill.input(), kept);
            bytes += kept.bytes() - (before == null ? 0 : before.bytes());
            makeRoom();
        }
    }

    int entries() {
        synchronized (lock) {
            return answers.size();
        }
    }

    long bytes() {
        synchronized (lock) {
            return bytes;
        }
    }

    private @Nullable Kept kept(Digest input) {
        long now = ticker.nanos();
        synchronized (lock) {
            Kept kept = answers.get(input);
            if (kept != null && now - kept.sinceNanos >= expiryNanos) {
                answers.remove(input);
                bytes -= kept.bytes();
                return null;
            }
            return kept;
        }
    }

    /** The map is in the order of use: the first was not used for longest. */
    private void makeRoom() {
        Iterator<Kept> eldest = answers.values().iterator();
        while (answers.size() > mostEntries || bytes > mostBytes) {
            bytes -= eldest.next().bytes();
            eldest.remove();
        }
    }

    private static Verdict verdict(
            String analysis,
            Map<String, Object> fields,
            Optional<String> model,
            OptionalDouble confidence,
            String reason,
            String prompt) {
        return new Verdict(
                analysis,
                new Verdict.Result.Answered(fields),
                NAME,
                model,
                confidence,
                reason,
                TokenUsage.NONE,
                Money.ZERO,
                0,
                1,
                prompt);
    }
}
