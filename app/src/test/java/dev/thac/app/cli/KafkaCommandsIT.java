package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.app.CommandRun;
import dev.thac.testkit.broker.EmbeddedKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaCommandsIT {

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static CommandRun thac() {
        return CommandRun.here().with("THAC_BROKERS", kafka.bootstrapServers());
    }

    @Test
    void linesProducedToATopicComeOutOfTail() {
        kafka.createTopic("lines", 1);
        String lines = "{\"id\":\"a\",\"text\":\"Hàng tốt\"}\n\n{\"id\":\"b\"}\n";

        CommandRun.Result produced = thac().typing(lines).run("produce", "lines", "--key", "id");
        CommandRun.Result tailed =
                thac().run("tail", "lines", "--from", "earliest", "--exit-at-end");
        CommandRun.Result envelopes =
                thac().run("tail", "lines", "--from", "earliest", "--limit", "1", "-J");

        assertThat(produced.code()).isZero();
        assertThat(produced.out()).isEmpty();
        assertThat(produced.err()).contains("2 records written to lines");
        assertThat(tailed.out())
                .isEqualTo("{\"id\":\"a\",\"text\":\"Hàng tốt\"}\n{\"id\":\"b\"}\n");
        assertThat(envelopes.out())
                .startsWith("{\"topic\":\"lines\",\"partition\":0,\"offset\":0,")
                .contains("\"key\":\"a\"");
    }

    @Test
    void envelopesKeepKeyHeadersAndTime() {
        kafka.createTopic("envelopes", 1);
        String envelope =
                "{\"ts\":1700000000000,\"headers\":[\"h\",\"1\"],\"key\":\"k\",\"payload\":\"p\"}\n";

        thac().typing(envelope).run("produce", "envelopes", "-J");
        CommandRun.Result tailed = thac().run("tail", "envelopes", "-J", "-e");

        assertThat(tailed.out())
                .contains("\"ts\":1700000000000")
                .contains("\"headers\":[\"h\",\"1\"]")
                .contains("\"key\":\"k\",\"payload\":\"p\"");
    }

    @Test
    void aBadLineIsNamedAndTheRestIsReportedAsPartlyDone() {
        kafka.createTopic("bad-lines", 1);

        CommandRun.Result result =
                thac().typing("{\"id\":1}\nnot json\n").run("produce", "bad-lines", "-k", "id");

        assertThat(result.code()).isEqualTo(5);
        assertThat(result.err()).contains("line 2 of - is no JSON").contains("1 record written");
    }

    @Test
    void topicsOfAPipelineAreCreatedOnce() {
        String file = "examples/orders/pipeline.yaml";

        CommandRun.Result first = thac().run("topics", "create", file, "--partitions", "2");
        CommandRun.Result second = thac().run("topics", "create", file);
        CommandRun.Result listed = thac().run("topics", "list");
        CommandRun.Result described = thac().run("topics", "describe", "orders.dlq");

        assertThat(first.out()).contains("created   orders  (source)").contains("orders.dlq");
        assertThat(second.out()).contains("there     orders  (source)");
        assertThat(listed.out()).contains("   2  orders.categorised");
        assertThat(described.out()).contains("orders.dlq  2 partitions");
    }

    @Test
    void deletingShowsFirstAndActsWhenTold() {
        kafka.createTopic("doomed", 1);

        CommandRun.Result shown = thac().run("topics", "delete", "doomed");
        CommandRun.Result still = thac().run("topics", "list", "-o", "json");
        CommandRun.Result done = thac().run("topics", "delete", "doomed", "--execute");

        assertThat(shown.out()).isEqualTo("would delete  doomed\n");
        assertThat(still.out()).contains("\"doomed\"");
        assertThat(done.out()).isEqualTo("deleted       doomed\n");
        assertThat(thac().run("topics", "list").out()).doesNotContain("doomed");
    }

    @Test
    void oneTopicIsCreatedWithItsSettingsAndDescribed() {
        CommandRun.Result created =
                thac().run(
                                "topics",
                                "create",
                                "new-topic",
                                "--partitions",
                                "3",
                                "--replication-factor",
                                "1",
                                "--config",
                                "retention.ms=86400000",
                                "--config",
                                "cleanup.policy=delete");
        CommandRun.Result again = thac().run("topics", "create", "new-topic");
        CommandRun.Result left = thac().run("topics", "create", "new-topic", "--if-not-exists");
        CommandRun.Result described = thac().run("topics", "describe", "new-topic");

        assertThat(created.code()).isZero();
        assertThat(created.out()).isEqualTo("created   new-topic\n");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("there is a topic new-topic already");
        assertThat(left.out()).isEqualTo("there     new-topic\n");
        assertThat(described.out())
                .contains("new-topic  3 partitions")
                .contains("retention.ms=86400000")
                .contains("replicas [1], 1 in sync");
    }

    @Test
    void whatABrokerDoesNotTakeCreatesNothing() {
        CommandRun.Result setting =
                thac().run("topics", "create", "odd", "--config", "retention.ms=soon");
        CommandRun.Result name = thac().run("topics", "create", "no spaces");
        CommandRun.Result copies = thac().run("topics", "create", "odd", "--replication", "7");
        CommandRun.Result none = thac().run("topics", "create", "odd", "--partitions", "0");

        assertThat(setting.code()).isEqualTo(1);
        assertThat(setting.err()).contains("Kafka refused").contains("retention.ms");
        assertThat(name.code()).isEqualTo(1);
        assertThat(copies.code()).isEqualTo(1);
        assertThat(none.code()).isEqualTo(2);
        assertThat(thac().run("topics", "list").out()).doesNotContain("odd");
    }

    @Test
    void settingsOfATopicAreShownSetAndUnset() {
        kafka.createTopic("tuned", 1);

        CommandRun.Result set =
                thac().run(
                                "topics",
                                "config",
                                "tuned",
                                "--set",
                                "retention.ms=1000",
                                "--set",
                                "compression.type=zstd");
        CommandRun.Result unset =
                thac().run("topics", "config", "tuned", "--unset", "retention.ms");
        CommandRun.Result wrong =
                thac().run("topics", "config", "tuned", "--set", "compression.type=best");
        CommandRun.Result unknown = thac().run("topics", "config", "tuned", "--set", "colour=red");
        CommandRun.Result nowhere = thac().run("topics", "config", "nowhere");

        assertThat(set.code()).isZero();
        assertThat(set.out())
                .contains("* retention.ms = 1000")
                .contains("* compression.type = zstd")
                .contains("  cleanup.policy = delete");
        assertThat(unset.out()).contains("  retention.ms = -1");
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).contains("compression.type");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("no setting \"colour\"");
        assertThat(nowhere.code()).isEqualTo(1);
        assertThat(nowhere.err()).contains("there is no topic nowhere");
        assertThat(thac().run("topics", "config", "tuned", "-o", "json").out())
                .contains("\"compression.type\" : \"zstd\"");
    }

    @Test
    void linesGoToThePartitionAskedForAndTheProducerIsTuned() {
        kafka.createTopic("placed", 3);

        CommandRun.Result placed =
                thac().typing("a\nb\nc\n")
                        .run(
                                "produce",
                                "placed",
                                "--partition",
                                "2",
                                "--compression",
                                "zstd",
                                "--linger",
                                "10ms",
                                "--batch",
                                "131072");
        CommandRun.Result beyond = thac().typing("a\n").run("produce", "placed", "-p", "3");
        CommandRun.Result wrong =
                thac().typing("a\n").run("produce", "placed", "--compression", "best");

        assertThat(placed.code()).isZero();
        assertThat(thac().run("topics", "describe", "placed").out())
                .containsPattern("2  leader .* offsets 0 to 3")
                .containsPattern("0  leader .* offsets 0 to 0");
        assertThat(beyond.code()).isEqualTo(1);
        assertThat(beyond.err()).contains("placed has no partition 3");
        assertThat(wrong.code()).isEqualTo(2);
    }

    @Test
    void aMissingTopicIsNamedWithTheWayOut() {
        CommandRun.Result tail = thac().run("tail", "nowhere");
        CommandRun.Result produce = thac().run("produce", "nowhere");

        assertThat(tail.code()).isEqualTo(1);
        assertThat(tail.err()).contains("there is no topic nowhere");
        assertThat(produce.code()).isEqualTo(1);
        assertThat(produce.err()).contains("thac topics create");
    }

    @Test
    void withoutABrokerTheExitCodeSaysCannotConnect() {
        CommandRun.Result none = CommandRun.here().run("topics", "list");
        CommandRun.Result dead = CommandRun.here().run("topics", "list", "-b", "127.0.0.1:1");

        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("--brokers HOST:PORT");
        assertThat(dead.code()).isEqualTo(3);
        assertThat(dead.err()).contains("no Kafka broker answers at 127.0.0.1:1");
    }
}
