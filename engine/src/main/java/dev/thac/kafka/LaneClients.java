package dev.thac.kafka;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

import java.util.Map;

/** Makes the clients of a lane, on the lane's thread. */
interface LaneClients {

    /** A new consumer. */
    Consumer<byte[], byte[]> consumer();

    /** A new producer. */
    Producer<byte[], byte[]> producer();

    /** Ids of the topics. */
    default TopicIds topicIds() {
        return TopicIds.UNKNOWN;
    }

    /** The real ones. */
    static LaneClients of(LaneSettings settings) {
        return new LaneClients() {
            @Override
            public Consumer<byte[], byte[]> consumer() {
                Map<String, Object> client = ClientSettings.consumer(settings);
                boolean classic = !"consumer".equals(client.get("group.protocol"));
                if (classic || Membership.free(settings)) {
                    client.put("group.instance.id", settings.name());
                }
                return new KafkaConsumer<>(client);
            }

            @Override
            public Producer<byte[], byte[]> producer() {
                return new KafkaProducer<>(ClientSettings.producer(settings));
            }

            @Override
            public TopicIds topicIds() {
                return TopicIds.of(settings);
            }
        };
    }
}
