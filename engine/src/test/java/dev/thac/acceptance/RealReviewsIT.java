package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.thac.meter.Metric;
import dev.thac.runtime.PipelineStatus;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.Stats;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All reviews of a real data set through the shipped reviews pipeline, exactly once. */
class RealReviewsIT {

    private static final int REVIEWS = 8_898;

    private static Scene scene;
    private static Simulator simulator;

    @BeforeAll
    static void start() {
        scene = Scene.start();
        simulator = Simulator.start();
    }

    @AfterAll
    static void stop() {
        simulator.close();
        scene.close();
    }

    @Test
    void everyRealReviewIsJudgedOnceValidAndPaidAsTheProviderSays() throws Exception {
        Optional<Path> file = RealReview.file();
        assumeTrue(
                file.isPresent(),
                "no vi_reviews_visfd/visfd.csv.gz under -Dthac.data or ../shared/data:"
                        + " the real reviews are not in the repository");
        List<RealReview> reviews = RealReview.read(file.orElseThrow());
        assertThat(reviews).hasSize(REVIEWS);
        assertThat(reviews.stream().map(RealReview::id)).doesNotHaveDuplicates();

        Example example = Example.of("reviews", "real");
        Run run = scene.run(example, simulator);
        produce(example.topic("reviews.raw"), reviews);
        run.awaitSettled(REVIEWS);
        run.stop();

        run.verify(
                "reviews.raw",
                _ -> false,
                "reviews.dlq",
                List.of("reviews.analyzed", "reviews.urgent"));
        List<Written> analyzed = run.written("reviews.analyzed");
        assertThat(analyzed).hasSize(REVIEWS);
        assertThat(run.written("reviews.dlq")).isEmpty();
        assertThat(run.status().outcomes()).isEqualTo(Map.of("routed", (long) REVIEWS));
        inputsAreUnchanged(reviews, analyzed);
        outputsAreValid(example, analyzed);
        urgentOnesAreThoseThatSaySo(analyzed, run.written("reviews.urgent"));
        tiersAddUp(run, analyzed);
        billsAgree(run, analyzed);
    }

    private static void produce(String topic, List<RealReview> reviews) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", scene.kafka().bootstrapServers(), "linger.ms", 5);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (RealReview review : reviews) {
                producer.send(
                        new ProducerRecord<>(
                                topic,
                                review.id().getBytes(StandardCharsets.UTF_8),
                                json(review).toString().getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static JsonNode json(RealReview review) {
        return Written.JSON
                .createObjectNode()
                .put("id", review.id())
                .put("text", review.text())
                .put("rating", review.rating());
    }

    private static void inputsAreUnchanged(List<RealReview> reviews, List<Written> analyzed) {
        Map<String, RealReview> byId =
                reviews.stream().collect(Collectors.toMap(RealReview::id, Function.identity()));
        assertThat(analyzed)
                .allSatisfy(
                        output -> {
                            String input = json(byId.get(output.key())).toString();
                            assertThat(output.text())
                                    .startsWith(input.substring(0, input.length() - 1));
                        });
    }

    /** The schema is taken from the file by another reader than ours. */
    private static void outputsAreValid(Example example, List<Written> analyzed) {
        Map<?, ?> yaml =
                (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(example.text());
        Map<?, ?> review = (Map<?, ?>) ((Map<?, ?>) yaml.get("analyses")).get("review");
        Map<?, ?> fields = (Map<?, ?>) review.get("output");
        Schema schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(
                                Written.JSON.<JsonNode>valueToTree(
                                        Map.of(
                                                "type",
                                                "object",
                                                "properties",
                                                fields,
                                                "required",
                                                fields.keySet(),
                                                "additionalProperties",
                                                false)));
        assertThat(analyzed)
                .allSatisfy(
                        output -> assertThat(schema.validate(output.analysis("review"))).isEmpty());
    }

    private static void urgentOnesAreThoseThatSaySo(List<Written> analyzed, List<Written> urgent) {
        List<String> said =
                analyzed.stream()
                        .filter(output -> output.analysis("review").path("urgent").asBoolean())
                        .map(Written::key)
                        .toList();
        assertThat(said).isNotEmpty();
        assertThat(new HashSet<>(urgent.stream().map(Written::key).toList()))
                .isEqualTo(new HashSet<>(said));
        assertThat(analyzed)
                .allSatisfy(
                        output ->
                                assertThat(output.header("urgent"))
                                        .isEqualTo(
                                                output.analysis("review").path("urgent").asText()));
    }

    private static void tiersAddUp(Run run, List<Written> analyzed) {
        Map<String, Long> tiers = new TreeMap<>();
        analyzed.forEach(output -> tiers.merge(output.header("thac.review.tier"), 1L, Long::sum));

        assertThat(tiers.keySet())
                .contains("rules", "small", "strong")
                .isSubsetOf("rules", "cache", "small", "strong");
        assertThat(tiers.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(REVIEWS);
        assertThat(run.status().decisions()).isEqualTo(Map.of("review", tiers));
        tiers.forEach(
                (tier, count) ->
                        assertThat(
                                        run.meters()
                                                .value(
                                                        Metric.DECISIONS,
                                                        "real.reviews",
                                                        "review",
                                                        tier))
                                .isEqualTo((double) count));
        Stats bill = simulator.stats();
        assertThat(bill.models().get("claude-haiku-5-5").items())
                .isEqualTo(tiers.get("small") + tiers.get("strong"));
        assertThat(bill.models().get("claude-sonnet-5-5").items()).isEqualTo(tiers.get("strong"));
    }

    private static void billsAgree(Run run, List<Written> analyzed) {
        PipelineStatus status = run.status();
        Stats bill = simulator.stats();

        assertThat(bill.unpriced()).isEmpty();
        assertThat(Written.sum(analyzed, "thac.tokens"))
                .isEqualTo(bill.inputTokens() + bill.outputTokens())
                .isEqualTo((long) run.meters().total(Metric.TOKENS))
                .isEqualTo(status.tokens().total());
        assertThat(Written.sum(analyzed, "thac.cost.nanos"))
                .isEqualTo(bill.usdNanos())
                .isEqualTo(Math.round(run.meters().total(Metric.COST) * 1e9))
                .isEqualTo(status.cost().nanos());
    }
}
