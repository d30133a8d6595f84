package dev.thac.cascade;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.CacheFill;
import dev.thac.event.Digest;
import dev.thac.event.Money;
import dev.thac.event.RecordId;
import dev.thac.event.TokenUsage;
import dev.thac.event.Verdict;
import dev.thac.resilience.ManualTicker;
import dev.thac.spec.DataSize;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

class AnswerCacheTest {

    private static final long PLENTY = 1 << 20;

    private final ManualTicker ticker = new ManualTicker();

    @Test
    void anAnswerComesBackForNothingAndSaysWhoseItWas() {
        AnswerCache cache = cache(10, PLENTY);
        cache.keep(fill(1, "fine"));

        Verdict verdict = cache.find(digest(1), "review");

        assertThat(verdict).isNotNull();
        assertThat(Judging.fields(verdict)).isEqualTo(Map.of("note", "fine", "score", 3L));
        assertThat(verdict.tier()).isEqualTo("cache");
        assertThat(verdict.model()).contains("small-model-1");
        assertThat(verdict.confidence()).hasValue(0.9);
        assertThat(verdict.reason()).isEqualTo("same input as in-0@1");
        assertThat(verdict.prompt()).isEqualTo("0123456789abcdef");
        assertThat(verdict.cost()).isEqualTo(Money.ZERO);
        assertThat(verdict.usage()).isEqualTo(TokenUsage.NONE);
        assertThat(verdict.calls()).isZero();
    }

    @Test
    void anAnswerIsGoodUntilItExpiresHoweverOftenItIsUsed() {
        AnswerCache cache = cache(10, PLENTY);
        cache.keep(fill(1, "fine"));

        ticker.advance(Duration.ofHours(1).minusNanos(1));
        assertThat(cache.find(digest(1), "review")).isNotNull();
        ticker.advance(Duration.ofNanos(1));

        assertThat(cache.find(digest(1), "review")).isNull();
        assertThat(cache.entries()).isZero();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void aNewAnswerTakesThePlaceOfTheOldAndIsGoodForAsLongAgain() {
        AnswerCache cache = cache(10, PLENTY);
        cache.keep(fill(1, "old"));
        ticker.advance(Duration.ofMinutes(59));

        cache.keep(fill(1, "new"));
        ticker.advance(Duration.ofMinutes(59));

        assertThat(cache.entries()).isEqualTo(1);
        Verdict hit = cache.find(digest(1), "review");
        assertThat(hit).isNotNull();
        assertThat(Judging.fields(hit)).containsEntry("note", "new");
    }

    @Test
    void theAnswerNotUsedForLongestMakesRoom() {
        AnswerCache cache = cache(2, PLENTY);
        cache.keep(fill(1, "a"));
        cache.keep(fill(2, "b"));
        assertThat(cache.find(digest(1), "review")).isNotNull();

        cache.keep(fill(3, "c"));

        assertThat(cache.find(digest(2), "review")).isNull();
        assertThat(cache.find(digest(1), "review")).isNotNull();
        assertThat(cache.find(digest(3), "review")).isNotNull();
    }

    @Test
    void anAnswerLargerThanTheWholeCacheIsNotKept() {
        AnswerCache cache = cache(10, 1000);
        cache.keep(fill(1, "a"));

        cache.keep(fill(2, "x".repeat(1000)));

        assertThat(cache.entries()).isEqualTo(1);
        assertThat(cache.find(digest(1), "review")).isNotNull();
    }

    /** Against a model that keeps whole answers in the order of use and removes the first. */
    @Test
    void whateverComesItsBoundsHoldAndWhatItSaysIsTheLatestAnswer() {
        Random random = new Random(42);
        for (int round = 0; round < 60; round++) {
            int size = 1 + random.nextInt(20);
            long bytes = 300 + random.nextInt(8000);
            AnswerCache cache = cache(size, bytes);
            LinkedHashMap<Integer, String> model = new LinkedHashMap<>();
            for (int step = 0; step < 500; step++) {
                int input = random.nextInt(40);
                if (random.nextInt(3) > 0) {
                    String note = "n".repeat(random.nextInt(600)) + step;
                    cache.keep(fill(input, note));
                    keep(model, input, note, size, bytes);
                } else {
                    Verdict hit = cache.find(digest(input), "review");
                    String note = model.remove(input);
                    if (note != null) {
                        model.put(input, note);
                    }
                    assertThat(hit == null ? null : Judging.fields(hit).get("note"))
                            .isEqualTo(note);
                }
                assertThat(cache.entries()).isEqualTo(model.size()).isLessThanOrEqualTo(size);
                assertThat(cache.bytes()).isEqualTo(sum(model)).isLessThanOrEqualTo(bytes);
            }
        }
    }

    private static void keep(
            LinkedHashMap<Integer, String> model, int input, String note, int size, long bytes) {
        if (weight(note) > bytes) {
            return;
        }
        model.remove(input);
        model.put(input, note);
        List<Integer> order = new ArrayList<>(model.keySet());
        for (int i = 0; model.size() > size || sum(model) > bytes; i++) {
            model.remove(order.get(i));
        }
    }

    private static long sum(Map<Integer, String> model) {
        return model.values().stream().mapToLong(AnswerCacheTest::weight).sum();
    }

    private static long weight(String note) {
        return AnswerCache.OVERHEAD + "{\"note\":\"\",\"score\":3}".length() + note.length();
    }

    private AnswerCache cache(int size, long bytes) {
        return new AnswerCache(
                new CacheSpec(CacheMode.EXACT, Duration.ofHours(1), size, new DataSize(bytes)),
                ticker);
    }

    private static Digest digest(int input) {
        return new Digest(input, 0, 0, 7);
    }

    private static CacheFill fill(int input, String note) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("note", note);
        fields.put("score", 3L);
        return new CacheFill(
                digest(input),
                new RecordId("in", 0, input),
                new Verdict(
                        "review",
                        new Verdict.Result.Answered(fields),
                        "small",
                        Optional.of("small-model-1"),
                        OptionalDouble.of(0.9),
                        "confidence 0.90 >= 0.70",
                        new TokenUsage(10, 0, 0, 5, 0),
                        new Money(700),
                        1,
                        1,
                        "0123456789abcdef"));
    }
}
