package dev.thac.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.Delivery;
import dev.thac.event.Earlier;
import dev.thac.event.ErrorCode;
import dev.thac.event.Header;
import dev.thac.event.Money;
import dev.thac.event.Outcome;
import dev.thac.event.RecordId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class SampleTest {

    private static final int MANY = 20_000;

    @TempDir private Path folder;

    @Test
    void aboutTheShareIsJudgedAndTheRestEndsThere() throws Exception {
        for (double share : new double[] {0.01, 0.1, 0.5, 0.9, 1}) {
            Set<Long> chosen = chosen("{ share: " + share + " }");

            double deviation = Math.sqrt(MANY * share * (1 - share));
            assertThat((double) chosen.size())
                    .as("share %s", share)
                    .isBetween(MANY * share - 4 * deviation, MANY * share + 4 * deviation);
        }
    }

    @Test
    void theChoiceIsTheSameInEveryProcessAndALargerShareKeepsASmallerOnes() throws Exception {
        Set<Long> tenth = chosen("{ share: 10% }");

        assertThat(chosen("{ share: 10% }")).isEqualTo(tenth);
        assertThat(chosen("{ share: 20% }")).containsAll(tenth);
        // fixed for ever: an event that was chosen by one version must be by the next
        assertThat(tenth.stream().sorted().limit(5).toList())
                .containsExactly(7L, 9L, 43L, 46L, 61L);
    }

    @Test
    void eventsThatAgreeInByShareTheirFateAndThoseWithoutAreChosenOneByOne() throws Exception {
        Pipeline pipeline = pipeline("{ share: 30%, by: value.user }");
        Map<Integer, Set<Boolean>> fates = new HashMap<>();
        int anonymous = 0;
        for (int i = 0; i < 3_000; i++) {
            int user = i % 100;
            boolean in = isIn(pipeline, record(i, "{\"user\": \"u%d\"}".formatted(user)));
            fates.computeIfAbsent(user, _ -> new HashSet<>()).add(in);
            anonymous += isIn(pipeline, record(i, "{\"user\": null}")) ? 1 : 0;
        }

        assertThat(fates.values()).allSatisfy(fate -> assertThat(fate).hasSize(1));
        assertThat(fates.values().stream().filter(fate -> fate.contains(true)).count())
                .isBetween(12L, 48L);
        assertThat(anonymous).isBetween(780, 1_020);
    }

    @Test
    void strataAreChosenIndependentlyEachWithItsShareAndSayWhichTheyAre() throws Exception {
        Pipeline pipeline = pipeline("{ share: 30%, by: value.user, stratify: value.country }");
        Map<String, Set<Integer>> users = new HashMap<>();
        for (String country : List.of("vn", "fr")) {
            for (int user = 0; user < 2_000; user++) {
                Delivery record =
                        record(
                                user,
                                "{\"user\": %d, \"country\": \"%s\"}".formatted(user, country));
                if (pipeline.process(record) instanceof Outcome.Routed routed) {
                    users.computeIfAbsent(country, _ -> new HashSet<>()).add(user);
                    assertThat(header(routed, "thac.sample")).contains("0.3");
                    assertThat(header(routed, "thac.sample.stratum")).contains(country);
                }
            }
        }

        assertThat(users.get("vn").size()).isBetween(518, 682);
        assertThat(users.get("fr").size()).isBetween(518, 682);
        Set<Integer> both = new HashSet<>(users.get("vn"));
        both.retainAll(users.get("fr"));
        assertThat(both.size()).isBetween(129, 231); // 9 % of them, were it the same coin 30 %
    }

    @Test
    void twoPipelinesHaveCoinsOfTheirOwn() {
        Coin first = new Coin("first", 0.3);
        Coin second = new Coin("second", 0.3);
        int both = 0;
        for (int i = 0; i < MANY; i++) {
            both += first.says("", "t-0@" + i) && second.says("", "t-0@" + i) ? 1 : 0;
        }

        assertThat(both / (double) MANY).isBetween(0.08, 0.10);
    }

    @Test
    void anEventThatComesBackFromARetryTopicStaysChosen() throws Exception {
        Pipeline pipeline = pipeline("{ share: 0.000001 }");
        Delivery fresh = record(0, "{}");
        Delivery back =
                new Delivery(
                        fresh.id(),
                        0,
                        null,
                        fresh.value(),
                        List.of(),
                        new Earlier(
                                1,
                                1,
                                0,
                                Optional.empty(),
                                Money.ZERO,
                                0,
                                Earlier.Reported.NOTHING,
                                List.of()));

        assertThat(pipeline.process(fresh)).isEqualTo(Outcome.SampledOut.INSTANCE);
        assertThat(pipeline.process(back)).isInstanceOf(Outcome.Routed.class);
    }

    @Test
    void whatCannotBeComputedIsADeadLetterThatSaysSo() throws Exception {
        Outcome outcome =
                pipeline("{ share: 10%, by: value.user + 1 }")
                        .process(record(0, "{\"user\": \"u\"}"));

        assertThat(outcome).isInstanceOf(Outcome.DeadLettered.class);
        Outcome.DeadLettered dead = (Outcome.DeadLettered) outcome;
        assertThat(dead.failure().code()).isEqualTo(ErrorCode.WRONG_TYPE);
        assertThat(dead.failure().stage()).isEqualTo("sample");
    }

    private Set<Long> chosen(String sample) throws Exception {
        Pipeline pipeline = pipeline(sample);
        Set<Long> chosen = new HashSet<>();
        for (int i = 0; i < MANY; i++) {
            if (isIn(pipeline, record(i, "{}"))) {
                chosen.add((long) i);
            }
        }
        return chosen;
    }

    private Pipeline pipeline(String sample) throws Exception {
        return new Flow(folder).pipeline("sample: " + sample + "\nroutes: [ { to: out } ]\n");
    }

    private static boolean isIn(Pipeline pipeline, Delivery record) throws Exception {
        return switch (pipeline.process(record)) {
            case Outcome.Routed _ -> true;
            case Outcome.SampledOut _ -> false;
            default -> throw new AssertionError("neither in nor out");
        };
    }

    private static Delivery record(long offset, String value) {
        return new Delivery(
                new RecordId("in", 0, offset),
                0,
                null,
                value.getBytes(StandardCharsets.UTF_8),
                List.of());
    }

    private static Optional<String> header(Outcome.Routed routed, String name) {
        return routed.records().getFirst().headers().stream()
                .filter(header -> header.key().equals(name))
                .map(Header::text)
                .findFirst();
    }
}
