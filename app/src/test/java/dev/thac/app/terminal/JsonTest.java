package dev.thac.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class JsonTest {

    @Test
    void numbersAreComparedByValueAndObjectsWithoutOrder() throws JsonProcessingException {
        assertThat(
                        Json.equal(
                                Json.read("{\"a\":1,\"b\":[1.0,2]}"),
                                Json.read("{\"b\":[1,2.00],\"a\":1}")))
                .isTrue();
        assertThat(Json.equal(Json.read("[1,2]"), Json.read("[2,1]"))).isFalse();
        assertThat(Json.equal(Json.read("{\"a\":null}"), Json.read("{}"))).isFalse();
        assertThat(Json.equal(1, "1")).isFalse();
    }

    @Test
    void whatFollowsAValueIsAnError() {
        assertThatThrownBy(() -> Json.read("{} {}")).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void durationsAreWrittenAsInPipelineFiles() {
        assertThat(Durations.parse("--for", "500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(Durations.parse("--for", "5m")).isEqualTo(Duration.ofMinutes(5));
        assertThatThrownBy(() -> Durations.parse("--for", "5"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--for cannot be \"5\"");
    }
}
