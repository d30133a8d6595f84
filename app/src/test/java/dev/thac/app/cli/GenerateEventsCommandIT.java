package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.app.CommandRun;
import dev.thac.testkit.broker.EmbeddedKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GenerateEventsCommandIT {

    private EmbeddedKafka kafka;

    @BeforeAll
    void startBroker() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    void stopBroker() throws InterruptedException {
        kafka.close();
    }

    private CommandRun thac() {
        return CommandRun.here().with("THAC_BROKERS", kafka.bootstrapServers());
    }

    private static CommandRun.Result generate(String... options) {
        String[] all = new String[options.length + 1];
        all[0] = "generate-events";
        System.arraycopy(options, 0, all, 1, options.length);
        return CommandRun.here().run(all);
    }

    @Test
    void theSameOptionsPrintTheSameBytesWithoutABroker() {
        CommandRun.Result one = generate("clicks", "--count", "500", "--seed", "4");

        assertThat(one.code()).isZero();
        assertThat(one.out().lines()).hasSize(500);
        assertThat(generate("clicks", "--count", "500", "--seed", "4").out()).isEqualTo(one.out());
        assertThat(generate("clicks", "--count", "500", "--seed", "5").out())
                .isNotEqualTo(one.out());
        assertThat(generate("clicks", "--count", "1", "--start", "2026-02-03T04:05:06Z").out())
                .contains("\"timestamp\":\"2026-02-03T04:0");
    }

    @Test
    void envelopesCanBeProducedAndKeepKeyAndTime() {
        kafka.createTopic("orders", 2);
        String envelopes = generate("orders", "--count", "50", "-J").out();

        CommandRun.Result produced = thac().typing(envelopes).run("produce", "orders", "-J");
        CommandRun.Result read = thac().run("tail", "orders", "-J", "--from", "earliest", "-e");

        assertThat(produced.code()).isZero();
        assertThat(read.out().lines()).hasSize(50);
        assertThat(read.out()).contains("\"ts\":17934912").contains("\"key\":\"u-");
    }

    @Test
    void eventsGoStraightToATopicFromNowOn() {
        kafka.createTopic("clicks", 1);
        long now = System.currentTimeMillis();

        CommandRun.Result live =
                thac().run(
                                "generate-events",
                                "clicks",
                                "--topic",
                                "clicks",
                                "--count",
                                "40",
                                "--rate",
                                "400");
        CommandRun.Result read = thac().run("tail", "clicks", "-J", "--from", "earliest", "-e");

        assertThat(live.code()).isZero();
        assertThat(live.err()).contains("40 records written to clicks");
        assertThat(read.out().lines()).hasSize(40);
        assertThat(read.out()).contains("\"ts\":" + String.valueOf(now).substring(0, 7));
    }

    @Test
    void whatMakesNoSenseIsAWrongCommandLine() {
        assertThat(generate("cats").code()).isEqualTo(2);
        assertThat(generate("cats").err()).contains("orders, clicks, reviews, transactions");
        assertThat(generate("clicks", "--rate", "0").code()).isEqualTo(2);
        assertThat(generate("clicks", "--users", "0").err()).contains("--users must be at least 1");
        assertThat(thac().run("generate-events", "clicks", "--topic", "nowhere").code())
                .isEqualTo(1);
    }
}
