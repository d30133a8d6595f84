package dev.thac.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

class ReviewEventsTest {

    private final ReviewEvents events = new ReviewEvents(1);

    @Test
    void theSameSeedGivesTheSameBytes() {
        assertThat(new ReviewEvents(1).event(17)).isEqualTo(events.event(17));
        assertThat(new ReviewEvents(2).event(17)).isNotEqualTo(events.event(17));
    }

    @Test
    void eventsAreJsonOfAboutTwoHundredBytes() throws IOException {
        ObjectMapper json = new ObjectMapper();
        long bytes = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] event = events.event(i);
            JsonNode tree = json.readTree(event);
            assertThat(tree.get("rating").asInt()).isBetween(1, 5);
            assertThat(tree.get("text").asText()).isNotEmpty();
            bytes += event.length;
        }
        assertThat(bytes / 1000).isBetween(180L, 220L);
    }

    @Test
    void textsVary() {
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            texts.add(new String(events.event(i), StandardCharsets.UTF_8).substring(40));
        }
        assertThat(texts).hasSizeGreaterThan(950);
    }

    @Test
    void aValueTellsItsEvent() {
        assertThat(ReviewEvents.index(events.event(12_345))).isEqualTo(12_345);
        assertThat(ReviewEvents.index("{\"value\":1}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(-1);
    }
}
