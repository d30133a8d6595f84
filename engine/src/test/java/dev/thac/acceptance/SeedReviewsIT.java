package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.thac.testkit.simulator.Simulator;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

/** What a user's first tests of the reviews pipeline would be. */
class SeedReviewsIT {

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
    void aHappyCustomerIsPositiveWithFourStarsOrMoreAndNotUrgent() {
        JsonNode review =
                judged("happy", "San pham rat tot, giao hang nhanh, se mua lai").analysis("review");

        assertThat(review.path("sentiment").asText()).isEqualTo("positive");
        assertThat(review.path("score").asInt()).isGreaterThanOrEqualTo(4);
        assertThat(review.path("urgent").asBoolean(true)).isFalse();
    }

    @Test
    void aWarrantyComplaintWithoutDiacriticsIsNegativeAndUrgent() {
        JsonNode review =
                judged("angry", "Hang loi, goi bao hanh khong ai nghe, doi tien lai ngay")
                        .analysis("review");

        assertThat(review.path("sentiment").asText()).isEqualTo("negative");
        assertThat(review.path("urgent").asBoolean()).isTrue();
        assertThat(scene.written("angry.reviews.urgent")).hasSize(1);
    }

    @Test
    void aBatchInTheRawTopicComesOutComplete() {
        try (Run run = scene.run(quick("batch"), simulator)) {
            run.write(
                    "reviews.raw",
                    IntStream.range(0, 25)
                            .mapToObj(i -> review("r-" + i, "Máy chạy êm, pin trâu, lần " + i))
                            .toList());
            run.awaitSettled(25);

            List<Written> analyzed = run.written("reviews.analyzed");
            assertThat(analyzed.stream().map(Written::key))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 25).mapToObj(i -> "r-" + i).toList());
            assertThat(analyzed)
                    .allSatisfy(
                            output ->
                                    assertThat(output.analysis("review").fieldNames())
                                            .toIterable()
                                            .containsExactlyInAnyOrder(
                                                    "sentiment",
                                                    "score",
                                                    "categories",
                                                    "urgent",
                                                    "summary"));
        }
    }

    private static Written judged(String name, String text) {
        try (Run run = scene.run(quick(name), simulator)) {
            run.write("reviews.raw", List.of(review("r-1", text)));
            run.awaitSettled(1);
            return run.written("reviews.analyzed").getFirst();
        }
    }

    private static String review(String id, String text) {
        return "{\"id\": \"" + id + "\", \"text\": \"" + text + "\"}";
    }

    /** Five seconds for a batch to fill are too long here. */
    private static Example quick(String name) {
        return Example.of("reviews", name).with("wait: 5s", "wait: 100ms");
    }
}
