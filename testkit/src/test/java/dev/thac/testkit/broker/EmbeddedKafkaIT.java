package dev.thac.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.testkit.proxy.FaultProxy;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class EmbeddedKafkaIT {

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @Test
    void whatIsWrittenIsReadBackInOrder() {
        kafka.createTopic("plain", 2);

        try (TopicWriter writer = new TopicWriter(kafka.bootstrapServers())) {
            writer.write("plain", "k", "một");
            writer.write("plain", "k", "hai");
        }

        assertThat(TopicReader.readCommitted(kafka.bootstrapServers()).drainTexts("plain"))
                .containsExactly("một", "hai");
    }

    @Test
    void committedReadersSeeNothingOfAbortedTransactions() {
        kafka.createTopic("transactions", 1);
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "transactional.id",
                        "embedded-kafka-it");

        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactions", "aborted"));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("transactions", "committed"));
            producer.commitTransaction();
        }

        String brokers = kafka.bootstrapServers();
        assertThat(TopicReader.readCommitted(brokers).drainTexts("transactions"))
                .containsExactly("committed");
        assertThat(TopicReader.readUncommitted(brokers).drainTexts("transactions"))
                .containsExactly("aborted", "committed");
    }

    @Test
    void featuresStandAtTheLevelOfAFreshCluster() throws Exception {
        try (Admin admin = kafka.admin()) {
            FeatureMetadata features = admin.describeFeatures().featureMetadata().get();

            assertThat(features.finalizedFeatures().get("group.version").maxVersionLevel())
                    .isEqualTo((short) 1);
            assertThat(features.finalizedFeatures().get("transaction.version").maxVersionLevel())
                    .isEqualTo((short) 2);
        }
    }

    @Test
    void aTopicThatExistsIsRefused() {
        kafka.createTopic("twice", 1);

        assertThatThrownBy(() -> kafka.createTopic("twice", 1))
                .isInstanceOf(TopicExistsException.class);
    }

    @Test
    void restartOnTheSamePortKeepsTheRecords() {
        try (EmbeddedKafka own = EmbeddedKafka.start()) {
            own.createTopic("kept", 1);
            try (TopicWriter writer = new TopicWriter(own.bootstrapServers())) {
                writer.write("kept", "before");
                own.stop();
                own.restart();
                writer.write("kept", "after");
            }

            assertThat(TopicReader.readCommitted(own.bootstrapServers()).drainTexts("kept"))
                    .containsExactly("before", "after");
        }
    }

    @Test
    void aGivenDirectoryIsKeptAndReused(@TempDir Path dir) {
        Path data = dir.resolve("broker");
        try (EmbeddedKafka first = EmbeddedKafka.start(0, data)) {
            first.createTopic("kept", 1);
            try (TopicWriter writer = new TopicWriter(first.bootstrapServers())) {
                writer.write("kept", "from the first life");
            }
        }

        try (EmbeddedKafka second = EmbeddedKafka.start(0, data)) {
            assertThat(TopicReader.readCommitted(second.bootstrapServers()).drainTexts("kept"))
                    .containsExactly("from the first life");
        }
    }

    @Test
    void aTemporaryDirectoryIsDeletedOnClose() {
        EmbeddedKafka own = EmbeddedKafka.start();
        Path directory = own.directory();
        assertThat(directory).exists();

        own.close();

        assertThat(Files.exists(directory)).isFalse();
    }

    @Test
    void aTakenPortIsRefusedWithTheFlagThatHelps() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            EmbeddedKafkaSettings settings =
                    EmbeddedKafkaSettings.DEFAULT.withPort(taken.getLocalPort());

            assertThatThrownBy(() -> EmbeddedKafka.start(settings))
                    .isInstanceOf(PortTakenException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " is in use")
                    .hasMessageContaining("--port");
        }
    }

    @Test
    void furtherServerSettingsReachTheBroker() {
        EmbeddedKafkaSettings settings =
                EmbeddedKafkaSettings.DEFAULT.withServerProperties(
                        Map.of("message.max.bytes", "1000"));
        try (EmbeddedKafka own = EmbeddedKafka.start(settings);
                TopicWriter writer = new TopicWriter(own.bootstrapServers())) {
            own.createTopic("small", 1);

            assertThatThrownBy(() -> writer.write("small", "x".repeat(2000)))
                    .cause()
                    .hasMessageContaining("larger");
        }
    }

    @Test
    void clientsComeThroughTheProxyWhosePortIsAdvertised() {
        try (FaultProxy proxy = FaultProxy.start();
                EmbeddedKafka own =
                        EmbeddedKafka.start(
                                EmbeddedKafkaSettings.DEFAULT.withAdvertisedPort(proxy.port()))) {
            proxy.forwardTo(own.port());
            own.createTopic("through", 1);

            try (TopicWriter writer =
                    new TopicWriter(
                            own.bootstrapServers(),
                            Map.of("delivery.timeout.ms", 1000, "request.timeout.ms", 500))) {
                writer.write("through", "open");
                int before = proxy.accepted();
                proxy.down();
                assertThatThrownBy(() -> writer.write("through", "down"))
                        .hasMessageContaining("refused a record");
                proxy.up();
                assertThat(before).isPositive();
            }
            assertThat(TopicReader.readCommitted(own.bootstrapServers()).drainTexts("through"))
                    .containsExactly("open");
        }
    }

    @Test
    void aDrainedTopicMayBeEmpty() {
        kafka.createTopic("empty", 3);

        List<String> texts =
                TopicReader.readCommitted(kafka.bootstrapServers()).drainTexts("empty");

        assertThat(texts).isEmpty();
    }
}
