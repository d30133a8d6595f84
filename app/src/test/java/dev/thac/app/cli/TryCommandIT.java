package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.CommandRun;
import dev.thac.app.terminal.Json;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class TryCommandIT {

    private static final String REVIEWS = "examples/reviews/pipeline.yaml";

    @Test
    void everyEventIsOneLineInTheOrderOfTheInput() throws JsonProcessingException {
        String lines =
                """
                {"id":"a","text":"Hang loi, doi tien lai ngay","rating":3}
                {"id":"b","text":"Đẹp, sẽ mua lại","rating":5}
                {"id":"c","rating":5}
                {"id":"d","te
                """;

        CommandRun.Result result =
                CommandRun.here()
                        .typing(lines)
                        .run("try", REVIEWS, "--input", "-", "--simulate", "--trace");

        List<Map<?, ?>> events = new ArrayList<>();
        for (String line : result.out().lines().toList()) {
            events.add((Map<?, ?>) Json.read(line));
        }
        assertThat(events)
                .extracting(event -> (Object) event.get("outcome"))
                .containsExactly("routed", "routed", "filtered", "dead-lettered");
        assertThat(events.getFirst().get("trace").toString())
                .contains("claude-haiku-5-5")
                .contains("confidence");
        assertThat(events.get(1).get("decidedBy")).isEqualTo(Map.of("review", "rules"));
        assertThat(events.get(3).get("reason")).isEqualTo("undecodable");
        assertThat(result.err()).contains("4 events").contains("(simulated)");
        assertThat(result.code()).isZero();
    }

    @Test
    void withoutAKeyNothingIsCalled() {
        CommandRun.Result result =
                CommandRun.here().typing("{}").run("try", REVIEWS, "--input", "-");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("no key").contains("--simulate");
    }

    @Test
    void theLimitCountsEventsNotLines() {
        CommandRun.Result result =
                CommandRun.here()
                        .typing("{\"id\":\"a\"}\n\n{\"id\":\"b\"}\n{\"id\":\"c\"}\n")
                        .run("try", REVIEWS, "-i", "-", "--simulate", "--limit", "2");

        assertThat(result.out().lines()).hasSize(2);
    }
}
