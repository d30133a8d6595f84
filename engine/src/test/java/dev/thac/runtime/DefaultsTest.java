package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.cascade.AnalysisSpec;
import dev.thac.cascade.CacheMode;
import dev.thac.cascade.CacheSpec;
import dev.thac.cascade.TierSpec;
import dev.thac.decode.Format;
import dev.thac.kafka.DeliveryMode;
import dev.thac.kafka.ForeignMetadata;
import dev.thac.kafka.Isolation;
import dev.thac.kafka.LanesSpec;
import dev.thac.kafka.LimitsSpec;
import dev.thac.kafka.Order;
import dev.thac.kafka.SourceSpec;
import dev.thac.model.ModelLimitsSpec;
import dev.thac.model.ModelSpec;
import dev.thac.model.Provider;
import dev.thac.recover.FailuresSpec;
import dev.thac.recover.RetrySpec;
import dev.thac.route.Emit;
import dev.thac.route.RouteSpec;
import dev.thac.spec.DataSize;
import dev.thac.spec.Document;
import dev.thac.spec.Reading;
import dev.thac.spec.SpecReader;
import dev.thac.spec.TemplateText;
import dev.thac.spec.Tree;
import dev.thac.window.StreamsSpec;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pins what a file means that says as little as it can. */
class DefaultsTest {

    private static final String SMALLEST =
            """
            pipeline: reviews
            source: { topic: reviews.raw, group: review-analysis, start: earliest }
            analyses:
              review:
                task: Judge.
                input: "{{ value.text }}"
                output: { urgent: { type: boolean } }
                tiers: [ { model: small } ]
            routes: [ { to: reviews.analyzed } ]
            models: { small: { provider: anthropic, model: claude-haiku-5-5 } }
            """;

    private static final PipelineSpec MEANING =
            new PipelineSpec(
                    "reviews",
                    new SourceSpec(
                            Optional.of("reviews.raw"),
                            List.of(),
                            "review-analysis",
                            Format.JSON,
                            "earliest",
                            Optional.empty(),
                            Optional.empty(),
                            Duration.ofHours(1),
                            Optional.empty(),
                            Isolation.READ_COMMITTED,
                            ForeignMetadata.REFUSE),
                    List.of(),
                    Map.of(),
                    Map.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Map.of("review", review()),
                    Optional.empty(),
                    List.of(
                            new RouteSpec(
                                    "reviews.analyzed",
                                    Optional.empty(),
                                    false,
                                    Optional.empty(),
                                    Map.of(),
                                    Optional.empty(),
                                    Emit.EVENT,
                                    Optional.empty())),
                    Map.of(),
                    Map.of(),
                    new StreamsSpec(1, 0, Optional.empty()),
                    List.of(),
                    Map.of(),
                    Optional.empty(),
                    DeliveryMode.EXACTLY_ONCE,
                    Order.NONE,
                    new FailuresSpec(
                            new RetrySpec(
                                    3, Duration.ofSeconds(1), Duration.ofSeconds(60), List.of()),
                            Optional.empty()),
                    new LimitsSpec(
                            10_000,
                            new DataSize(64 << 20),
                            new DataSize(1 << 20),
                            Duration.ofSeconds(25)),
                    new LanesSpec(1, Optional.empty()),
                    Optional.empty(),
                    Map.of("small", small()),
                    Map.of());

    private static AnalysisSpec review() {
        return new AnalysisSpec(
                "Judge.",
                new TemplateText("{{ value.text }}"),
                Optional.empty(),
                Map.of("urgent", new Tree(Map.of("type", "boolean"))),
                Optional.empty(),
                Optional.empty(),
                false,
                List.of(),
                List.of(new TierSpec.Model("small", Optional.empty(), Optional.empty())),
                Optional.empty(),
                new CacheSpec(
                        CacheMode.EXACT, Duration.ofHours(24), 100_000, new DataSize(32 << 20)),
                Optional.empty());
    }

    private static ModelSpec small() {
        return new ModelSpec(
                Provider.ANTHROPIC,
                Optional.empty(),
                Optional.empty(),
                "claude-haiku-5-5",
                Optional.empty(),
                4000,
                Optional.empty(),
                Duration.ofSeconds(60),
                new ModelLimitsSpec(64, Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void whatIsLeftOutMeansThis() {
        Reading<PipelineSpec> reading =
                SpecReader.read(Document.parse("pipeline.yaml", SMALLEST), PipelineSpec.class);

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.spec()).contains(MEANING);
    }

    @Test
    void anEmptyProjectSaysNothing() {
        Reading<ProjectSpec> reading =
                SpecReader.read(Document.parse("thac.yaml", "models: {}\n"), ProjectSpec.class);

        assertThat(reading.spec())
                .contains(
                        new ProjectSpec(
                                Optional.empty(),
                                Map.of(),
                                Map.of(),
                                Map.of(),
                                Map.of(),
                                Map.of(),
                                "UTC"));
    }
}
