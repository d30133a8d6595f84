package dev.thac.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One partition of the topic that is read, as a reader sees it: offsets that compaction, aborted
 * transactions or transaction markers took are missing, also at the end.
 */
final class FakeLog {

    final TopicPartition partition;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private long end;
    private int leaderEpoch = 3;

    FakeLog(TopicPartition partition) {
        this.partition = partition;
    }

    /** Offsets that no reader will ever see. */
    void gap(int offsets) {
        end += offsets;
    }

    /** Another broker leads the partition from now on. */
    void elect() {
        leaderEpoch++;
    }

    /** Appends a record whose value begins with what shall become of it. */
    ConsumerRecord<byte[], byte[]> append(int key, char kind, int padding, long timestamp) {
        byte[] keyBytes = ("k" + key).getBytes(StandardCharsets.UTF_8);
        byte[] value = new byte[1 + padding];
        value[0] = (byte) kind;
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(
                        partition.topic(),
                        partition.partition(),
                        end,
                        timestamp,
                        TimestampType.CREATE_TIME,
                        keyBytes.length,
                        value.length,
                        keyBytes,
                        value,
                        new RecordHeaders(),
                        Optional.of(leaderEpoch));
        records.add(record);
        end++;
        return record;
    }

    List<ConsumerRecord<byte[], byte[]>> records() {
        return records;
    }

    /** The last stable offset: where a reader arrives that has read everything. */
    long end() {
        return end;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    /** At most so many records from an offset on. */
    List<ConsumerRecord<byte[], byte[]>> read(long from, int most) {
        int low = 0;
        int high = records.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (records.get(middle).offset() < from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return List.copyOf(records.subList(low, Math.min(records.size(), low + most)));
    }
}
