package dev.thac.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thac.event.Delivery;
import dev.thac.event.RecordId;
import dev.thac.pipeline.FlowSpec;
import dev.thac.runtime.PipelineFiles;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a sample of events says without asking a model. */
class SurveyTest {

    @TempDir private Path folder;

    private static final List<String> EVENTS =
            List.of(
                    "{\"text\":\"tốt, se mua lai\",\"rating\":5}", // a rule
                    "{\"text\":\"Hàng lỗi\",\"rating\":1}",
                    "{\"text\":\"Hàng lỗi\",\"rating\":1}", // the same again
                    "{\"text\":\"hàng   lỗi\",\"rating\":1}", // but for case and space
                    "{\"text\":\"Giao chậm mà đóng gói rất cẩn thận\",\"rating\":3}",
                    "{\"text\":\"ok\",\"rating\":3,\"draft\":true}", // filtered
                    "{\"text\":\"ok\",\"rating\":3,\"draft\":true}",
                    "no JSON");

    @Test
    void eventsGoThroughDecoderFilterRulesAndPrompts() throws Exception {
        Survey survey = Survey.of(flow(), deliveries(), new Tokenizer());

        assertThat(survey.events()).isEqualTo(8);
        assertThat(survey.undecodable()).isEqualTo(1);
        assertThat(survey.filtered()).isEqualTo(2);
        Survey.Answered review = survey.analyses().get("review");
        assertThat(review).isNotNull();
        assertThat(review.asked()).isEqualTo(5);
        assertThat(review.byRules()).isEqualTo(1);
        assertThat(review.reaching()).isEqualTo(4);
        assertThat(review.repeated()).isEqualTo(0.25);
        assertThat(review.repeatedNormalised()).isEqualTo(0.5);
        assertThat(review.itemTokens())
                .hasSize(2)
                .allSatisfy(tokens -> assertThat(tokens).isBetween(10.0, 30.0));
    }

    @Test
    void whatASampleSaysIsSaidToBeCounted() throws Exception {
        FlowSpec flow = flow();
        Tokenizer tokenizer = new Tokenizer();
        Expectations expected =
                Expectations.of(
                        flow,
                        new Expectations.Known(
                                Given.NOTHING,
                                Optional.of(Survey.of(flow, deliveries(), tokenizer)),
                                Optional.empty()),
                        tokenizer);

        assertThat(expected.workload().passed()).isCloseTo(5 / 8.0, within(1e-9));
        assertThat(expected.workload().analyses().getFirst().rules()).isEqualTo(0.2);
        assertThat(expected.workload().analyses().getFirst().cached()).isEqualTo(0.25);
        assertThat(expected.workload().sampled()).isEqualTo(0.1);
        assertThat(expected.assumptions())
                .filteredOn(each -> each.what().equals("review: rules decide"))
                .singleElement()
                .satisfies(
                        each -> {
                            assertThat(each.basis()).isEqualTo(Basis.COUNTED);
                            assertThat(each.source()).isEqualTo("sample of 8 events");
                        });
        assertThat(expected.assumptions())
                .anySatisfy(
                        each ->
                                assertThat(each.value())
                                        .isEqualTo(
                                                "25 % exactly, 50 % but for case and white space"));
    }

    private static List<Delivery> deliveries() {
        List<Delivery> deliveries = new ArrayList<>();
        for (String event : EVENTS) {
            deliveries.add(
                    new Delivery(
                            new RecordId("reviews.raw", 0, deliveries.size()),
                            0,
                            null,
                            event.getBytes(StandardCharsets.UTF_8),
                            List.of()));
        }
        return deliveries;
    }

    private FlowSpec flow() throws IOException {
        String text =
                """
                pipeline: reviews
                source: { topic: reviews.raw, group: reviews, start: earliest }
                filter:
                  - value: { draft: [ { exists: false } ] }
                sample: { share: 10% }
                analyses:
                  review:
                    task: You judge reviews.
                    input: "{{ value.text }}"
                    output:
                      sentiment: { enum: [positive, negative, neutral] }
                    tiers:
                      - rules:
                          - when: "value.rating == 5 && fold(value.text).contains('se mua lai')"
                            then: { sentiment: positive }
                      - model: small
                        accept: { confidence: 0.7 }
                        batch: { size: 10, wait: 5s }
                      - model: strong
                routes:
                  - to: reviews.out
                models:
                  small:  { provider: anthropic, model: claude-haiku-5-5,  effort: low }
                  strong: { provider: anthropic, model: claude-sonnet-5-5, effort: low }
                """;
        return PipelineFiles.load(Files.writeString(folder.resolve("pipeline.yaml"), text)).flow();
    }
}
