package dev.thac.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.testkit.simulator.Simulator;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Filter, derive and route, without a model and with one. */
class RoutingIT {

    private static Scene scene;

    @BeforeAll
    static void start() {
        scene = Scene.start();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void ordersAreFilteredCategorisedAndRoutedWithTheirBytesIntact() {
        String premium =
                "{\"id\": \"o-1\", \"userId\": \"u-7\",  \"total\": 12345678901234567890,"
                        + " \"rate\": 1.10, \"tên\": \"Đỗ\"}";
        String standard = "{\"id\":\"o-2\",\"userId\":\"u-8\",\"total\":1000000.00}";
        String basic = "{\"total\":100000,\"id\":\"o-3\",\"userId\":\"u-9\"}";
        Example example = Example.of("orders", "orders");
        try (Run run = scene.run(example)) {
            write(example, "k-1", 1_700_000_000_001L, premium);
            write(example, "k-2", 1_700_000_000_002L, standard);
            write(example, "k-3", 1_700_000_000_003L, basic);
            write(example, "k-4", 1_700_000_000_004L, "{\"id\":\"o-4\",\"total\":99999.99}");
            write(example, "k-5", 1_700_000_000_005L, "{\"id\":\"o-5\",\"total\":\"200000\"}");
            run.awaitSettled(5);

            assertThat(run.written("orders.categorised"))
                    .satisfiesExactlyInAnyOrder(
                            output -> categorised(output, 1, premium, "premium"),
                            output -> categorised(output, 2, standard, "standard"),
                            output -> categorised(output, 3, basic, "basic"));
            Written dear = run.written("orders.premium").getFirst();
            assertThat(run.written("orders.premium")).hasSize(1);
            assertThat(dear.key()).isEqualTo("u-7");
            assertThat(dear.text()).startsWith(premium.substring(0, premium.length() - 1));
            assertThat(dear.header("category")).isEmpty();
            assertThat(run.written("orders.dlq")).isEmpty();
            assertThat(run.status().outcomes())
                    .containsEntry("routed", 3L)
                    .containsEntry("filtered", 2L);
        }
    }

    private static void categorised(Written output, int number, String source, String category) {
        long timestamp = 1_700_000_000_000L + number;
        assertThat(output.text())
                .isEqualTo(
                        source.substring(0, source.length() - 1)
                                + ",\"category\":\""
                                + category
                                + "\",\"receivedAt\":"
                                + timestamp
                                + "}");
        assertThat(output.key()).isEqualTo("k-" + number);
        assertThat(output.record().timestamp()).isEqualTo(timestamp);
        assertThat(output.header("category")).isEqualTo(category);
        assertThat(output.header("trace")).isEqualTo("t-k-" + number);
        assertThat(output.header("thac.source")).matches("orders\\.orders-\\d@\\d+");
        assertThat(output.header("thac.pipeline")).isEqualTo("orders.orders");
        assertThat(output.header("thac.tokens")).isEmpty();
    }

    @Test
    void eventsThatNoRouteTakesGoWhereOtherwiseSays() {
        String created =
                "{\"event_type\":\"ORDER_CREATED\",\"order_id\":\"o-1\",\"customer_id\":\"c-1\","
                        + "\"items\":[1,2],\"total\":10000000}";
        String paused =
                "{\"event_type\":\"ORDER_PAUSED\",\"order_id\":\"o-2\",\"customer_id\":\"c-2\"}";
        try (Run run = scene.run(Example.of("order-events", "shop"))) {
            run.write("orders.events", List.of(created, paused, "{\"event_type\":\"LOGIN\"}"));
            run.awaitSettled(3);

            assertThat(run.written("inventory.commands"))
                    .singleElement()
                    .satisfies(
                            command -> {
                                assertThat(command.key()).isEqualTo("o-1");
                                assertThat(command.header("command")).isEqualTo("ORDER_CREATED");
                            });
            assertThat(run.written("notifications.requests").getFirst().key()).isEqualTo("c-1");
            assertThat(run.written("fraud.checks").getFirst().key()).isEqualTo("c-1");
            assertThat(run.written("billing.invoices")).isEmpty();
            assertThat(run.written("orders.unclaimed"))
                    .singleElement()
                    .satisfies(
                            unclaimed ->
                                    assertThat(unclaimed.json().path("order_id").asText())
                                            .isEqualTo("o-2"));
            assertThat(run.status().outcomes())
                    .containsEntry("routed", 2L)
                    .containsEntry("filtered", 1L);
        }
    }

    @Test
    void aRouteMayCarryTheVerdictAlone() {
        String lost =
                "{\"id\":\"c-1\",\"parcel\":\"p-1\",\"channel\":\"app\",\"amount\":1.10,"
                        + "\"customer\":{\"tier\":\"gold\"},"
                        + "\"text\":\"Đơn COD, tôi chưa nhận tiền thu hộ\"}";
        Example example =
                Example.of("complaints", "calls")
                        .with(
                                "analysis.complaint.urgency == 'high' && value.vip"
                                        + " || analysis.complaint.parcel_lost",
                                "analysis.complaint.team == 'payment'");
        try (Simulator simulator = Simulator.start();
                Run run = scene.run(example, simulator)) {
            run.write("complaints.raw", List.of(lost));
            run.awaitSettled(1);

            Written whole = run.written("complaints.payment").getFirst();
            Written alone = run.written("complaints.escalated").getFirst();
            assertThat(whole.text()).startsWith(lost.substring(0, lost.length() - 1));
            assertThat(alone.key()).isEqualTo("p-1");
            assertThat(alone.header("team")).isEqualTo("payment");
            assertThat(alone.header("thac.complaint.tier")).isEqualTo("rules");
            assertThat(alone.json()).isEqualTo(whole.json().path("analysis"));
            assertThat(simulator.stats().calls()).isZero();
        }
    }

    private static void write(Example example, String key, long timestamp, String value) {
        scene.writer()
                .acknowledged(
                        new ProducerRecord<>(
                                example.topic("orders"),
                                null,
                                timestamp,
                                key.getBytes(StandardCharsets.UTF_8),
                                value.getBytes(StandardCharsets.UTF_8),
                                List.of(
                                        new RecordHeader(
                                                "trace",
                                                ("t-" + key).getBytes(StandardCharsets.UTF_8)))));
    }
}
