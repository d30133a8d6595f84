package dev.thac.app.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.terminal.Json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

class SampleEventsTest {

    private static List<SampleEvent> events(SampleKind kind, long seed, int count) {
        SampleEvents events = new SampleEvents(kind, seed, SampleEvents.START, 20, 500);
        return Stream.generate(events::next).limit(count).toList();
    }

    private static List<String> lines(SampleKind kind, long seed, int count) {
        return events(kind, seed, count).stream().map(SampleEvent::value).toList();
    }

    private static boolean isJson(String line) {
        try {
            Json.read(line);
            return true;
        } catch (JsonProcessingException _) {
            return false;
        }
    }

    private static Map<?, ?> read(String line) throws JsonProcessingException {
        return (Map<?, ?>) Json.read(line);
    }

    @ParameterizedTest
    @EnumSource
    void theSameSeedGivesTheSameEventsAndAnotherOthers(SampleKind kind) {
        assertThat(events(kind, 7, 3000)).isEqualTo(events(kind, 7, 3000));
        assertThat(lines(kind, 7, 200)).isNotEqualTo(lines(kind, 8, 200));
    }

    @ParameterizedTest
    @EnumSource
    void eventsComeInTheOrderTheyAreSentAtTheRateAsked(SampleKind kind) {
        SampleEvents events = new SampleEvents(kind, 3, SampleEvents.START, 50, 500);
        Instant before = SampleEvents.START;
        int sent = 0;

        while (before.isBefore(SampleEvents.START.plusSeconds(200))) {
            SampleEvent event = events.next();
            assertThat(event.sent()).isAfterOrEqualTo(before);
            before = event.sent();
            sent++;
        }

        assertThat(sent).isBetween(9_500, 11_500);
    }

    @ParameterizedTest
    @EnumSource
    void someComeLateButNoneMoreThanAMinuteAndSomeComeTwiceWithTheSameBytes(SampleKind kind) {
        List<SampleEvent> events = events(kind, 1, 10_000);
        Set<String> seen = new HashSet<>();
        long twice = events.stream().filter(event -> !seen.add(event.value())).count();
        List<Long> delays = new ArrayList<>();
        Set<String> first = new HashSet<>();
        for (SampleEvent event : events) {
            if (first.add(event.value())) {
                delays.add(Duration.between(event.time(), event.sent()).toMillis());
            }
        }

        assertThat(twice).isBetween(60L, 150L);
        assertThat(delays).allMatch(delay -> delay >= 0 && delay <= 59_000);
        assertThat(delays.stream().filter(delay -> delay > 10_000).count()).isBetween(150L, 400L);
        assertThat(delays.stream().filter(delay -> delay > 50_000).count()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void aFewAreBrokenAndAllOthersSayWhoTheyAreAndWhenTheyHappened(SampleKind kind)
            throws JsonProcessingException {
        List<SampleEvent> events = events(kind, 1, 4_000);
        String time =
                switch (kind) {
                    case ORDERS, REVIEWS -> "createdAt";
                    case CLICKS -> "timestamp";
                    case TRANSACTIONS -> "time";
                };

        assertThat(events.stream().filter(event -> !isJson(event.value())).count())
                .isBetween(2L, 60L);
        for (SampleEvent event : events) {
            if (isJson(event.value())) {
                assertThat(read(event.value()).get("id")).isInstanceOf(String.class);
                assertThat(Instant.parse(String.valueOf(read(event.value()).get(time))))
                        .isEqualTo(event.time().minusNanos(event.time().getNano() % 1_000_000));
            }
        }
    }

    @Test
    void anEarlyBurstIsOneUserWithMoreThanAHundredClicksInAMinute() throws JsonProcessingException {
        Map<String, TreeMap<Instant, Integer>> clicks = new HashMap<>();
        int most = 0;

        for (SampleEvent event : events(SampleKind.CLICKS, 1, 1_000)) {
            TreeMap<Instant, Integer> ofUser =
                    clicks.computeIfAbsent(event.key(), _ -> new TreeMap<>());
            ofUser.merge(event.time(), 1, Integer::sum);
            int minute =
                    ofUser
                            .subMap(event.time().minusSeconds(60), false, event.time(), true)
                            .values()
                            .stream()
                            .mapToInt(Integer::intValue)
                            .sum();
            most = Math.max(most, minute);
        }

        assertThat(most).isGreaterThan(100);
    }

    @Test
    void aBurstOfTransactionsIsAnAccountNobodyHasSeenThatBuysPhones()
            throws JsonProcessingException {
        List<Map<?, ?>> phones = new ArrayList<>();
        for (String line : lines(SampleKind.TRANSACTIONS, 1, 1_000)) {
            if (isJson(line) && "c-501".equals(read(line).get("customer"))) {
                phones.add(read(line));
            }
        }

        assertThat(phones).hasSizeBetween(8, 16);
        assertThat(phones)
                .allMatch(each -> ((Number) each.get("amount")).intValue() >= 18_000_000)
                .allMatch(each -> "electronics".equals(each.get("category")));
    }

    @Test
    void ordersAreOfAllThreeCategoriesAndSomeBelowAHundredThousand()
            throws JsonProcessingException {
        int[] of = new int[4];
        for (String line : lines(SampleKind.ORDERS, 1, 2_000)) {
            if (isJson(line)) {
                int total = ((Number) read(line).get("total")).intValue();
                of[total < 100_000 ? 0 : total < 1_000_000 ? 1 : total < 10_000_000 ? 2 : 3]++;
            }
        }

        assertThat(Arrays.stream(of).min().orElseThrow()).isGreaterThan(60);
    }

    @Test
    void reviewsVaryAndAFewHaveNoTextOrNoDiacritics() {
        List<String> lines = lines(SampleKind.REVIEWS, 1, 4_000);

        assertThat(lines.stream().filter(l -> isJson(l) && !l.contains("\"text\"")).count())
                .isBetween(10L, 90L);
        assertThat(
                        lines.stream()
                                .map(l -> l.replaceAll("\"(id|userId|createdAt)\":\"[^\"]*\"", "")))
                .satisfies(
                        texts -> assertThat(texts.stream().distinct().count()).isGreaterThan(2500));
        assertThat(lines).anyMatch(line -> line.contains("sẽ mua lại"));
        assertThat(lines).anyMatch(line -> line.contains("se mua lai"));
    }

    @Test
    void aRateOrANumberOfUsersThatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> new SampleEvents(SampleKind.CLICKS, 1, SampleEvents.START, 0, 1))
                .hasMessageContaining("rate must be");
        assertThatThrownBy(() -> new SampleEvents(SampleKind.CLICKS, 1, SampleEvents.START, 1, 0))
                .hasMessageContaining("users must be");
    }
}
