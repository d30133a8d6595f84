package dev.thac.testkit.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EmbeddedKafkaClusterIT {

    @Test
    void aBrokerThatIsRestartedIsReplacedMeanwhileAndComesBackInSync() {
        try (EmbeddedKafkaCluster cluster = EmbeddedKafkaCluster.start()) {
            cluster.createTopic("kept", 3);
            try (TopicWriter writer = new TopicWriter(cluster.bootstrapServers())) {
                int leader = cluster.leader("kept", 0).orElseThrow();
                writer.write("kept", "before");

                cluster.stop(leader);
                assertThat(cluster.leader("kept", 0)).isPresent().get().isNotEqualTo(leader);
                writer.write("kept", "without");
                cluster.start(leader);
                cluster.awaitInSync("kept");
                writer.write("kept", "after");
            }

            assertThat(TopicReader.readCommitted(cluster.bootstrapServers()).drainTexts("kept"))
                    .containsExactlyInAnyOrder("before", "without", "after");
        }
    }
}
