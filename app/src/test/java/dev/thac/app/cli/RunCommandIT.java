package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.CommandRun;
import dev.thac.app.terminal.Json;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.simulator.Simulator;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class RunCommandIT {

    private static final String REVIEWS = "examples/reviews/pipeline.yaml";
    private static final String KEY = "sk-ant-never-to-be-seen";

    private static EmbeddedKafka kafka;
    private static Simulator simulator;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        simulator = Simulator.start();
    }

    @AfterAll
    static void stop() {
        simulator.close();
        kafka.close();
    }

    private static CommandRun thac() {
        return CommandRun.here()
                .with("THAC_BROKERS", kafka.bootstrapServers())
                .with("ANTHROPIC_BASE_URL", simulator.baseUri().toString())
                .with("ANTHROPIC_API_KEY", KEY);
    }

    @Test
    void whatIsProducedComesOutJudged() throws JsonProcessingException {
        String events =
                IntStream.range(0, 40)
                        .mapToObj(
                                i -> "{\"id\":\"r-" + i + "\",\"text\":\"hàng lỗi\",\"rating\":2}")
                        .collect(Collectors.joining("\n"));
        CommandRun.Result topics = thac().run("topics", "create", REVIEWS);
        CommandRun.Result produced =
                thac().typing(events).run("produce", "reviews.raw", "-k", "id");

        CommandRun.Result run =
                thac().run("run", REVIEWS, "--exit-at-end", "--port", "0", "-o", "json");
        CommandRun.Result again =
                thac().run("run", REVIEWS, "--exit-at-end", "--port", "0", "-o", "json");
        CommandRun.Result out =
                thac().run("tail", "reviews.analyzed", "--from", "earliest", "-e", "-J");

        assertThat(topics.code()).isZero();
        assertThat(produced.code()).isZero();
        assertThat(run.code()).isZero();
        assertThat(summary(run).get("events")).isEqualTo(40);
        assertThat(summary(again).get("events")).isEqualTo(0);
        assertThat(out.out().lines().map(RunCommandIT::key)).hasSize(40).doesNotHaveDuplicates();
        assertThat(out.out())
                .contains("thac.review.tier")
                .contains("\\\"sentiment\\\":\\\"negative");
        assertThat(topics.err() + produced.err() + run.out() + run.err() + out.out())
                .doesNotContain(KEY);
    }

    @Test
    void missingTopicsAreNamedWithTheCommandThatMakesThem() {
        CommandRun.Result result =
                thac().run("run", "examples/orders/pipeline.yaml", "--port", "0");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("orders.categorised").contains("thac topics create");
    }

    @Test
    void withoutABrokerTheExitCodeSaysCannotConnect() {
        CommandRun.Result result =
                CommandRun.here().run("run", "examples/orders/pipeline.yaml", "-b", "127.0.0.1:1");

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("127.0.0.1:1").doesNotContain("at dev.thac");
    }

    @Test
    void withoutAKeyNothingIsStarted() {
        CommandRun.Result result =
                CommandRun.here().run("run", REVIEWS, "-b", kafka.bootstrapServers());

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("no key for the models small, strong");
    }

    @Test
    void theDoctorNamesWhatIsMissingAndHowToMakeIt() {
        CommandRun.Result result =
                CommandRun.here()
                        .run(
                                "doctor",
                                "examples/complaints/pipeline.yaml",
                                "-b",
                                kafka.bootstrapServers());

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out())
                .contains("OK    brokers: 1 broker")
                .contains("FAIL  topics: missing: complaints.raw")
                .contains("thac topics create FILE")
                .contains("OK    exactly-once")
                .contains("FAIL  model small: claude-haiku-5-5: no key")
                .contains("set ANTHROPIC_API_KEY");
    }

    @Test
    void theDoctorFindsNothingWrongWhereAllIsThere() {
        thac().run("topics", "create", REVIEWS);

        CommandRun.Result result = thac().run("doctor", REVIEWS, "--probe-models");

        assertThat(result.out())
                .contains("OK    topic reviews.raw: source, ")
                .contains("claude-sonnet-5-5 answered in")
                .contains("OK    producer: compression lz4, linger 2 ms, batches of 131072 bytes")
                .contains("acks all, idempotent, transactional")
                .doesNotContain("FAIL")
                .doesNotContain(KEY);
        assertThat(result.code()).isZero();
    }

    @Test
    void newestEventsOfATopicCanBeTried() {
        kafka.createTopic("tries", 2);
        thac().typing("{\"id\":\"a\",\"text\":\"tốt\",\"rating\":4}\n").run("produce", "tries");

        CommandRun.Result result = thac().run("try", REVIEWS, "--topic", "tries", "--limit", "5");

        assertThat(result.out().lines()).hasSize(1);
        assertThat(result.out()).contains("\"event\":\"tries-").contains("\"outcome\":\"routed\"");
    }

    private static Map<?, ?> summary(CommandRun.Result result) throws JsonProcessingException {
        return (Map<?, ?>) ((List<?>) Json.read(result.out())).getFirst();
    }

    private static Object key(String line) {
        try {
            return ((Map<?, ?>) Json.read(line)).get("key");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
