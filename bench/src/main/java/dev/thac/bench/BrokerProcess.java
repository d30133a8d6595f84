package dev.thac.bench;

import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.EmbeddedKafkaSettings;

import java.io.IOException;
import java.util.Map;

/** The broker's own process; a main class for {@link ChildProcess}. */
public final class BrokerProcess {

    private BrokerProcess() {}

    /**
     * Runs a broker in a temporary directory until standard input ends.
     *
     * @param args none
     * @throws IOException when standard input cannot be read
     */
    public static void main(String[] args) throws IOException {
        EmbeddedKafkaSettings settings =
                EmbeddedKafkaSettings.DEFAULT.withServerProperties(
                        // rows delete their output; the files should go while the next row runs
                        Map.of("log.segment.delete.delay.ms", "1000"));
        try (EmbeddedKafka broker = EmbeddedKafka.start(settings)) {
            ChildProcess.serve(broker.bootstrapServers());
        }
    }
}
