package dev.thac.kafka;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** What a lane does not use of a consumer: whoever calls it is told so. */
interface UnusedConsumer extends Consumer<byte[], byte[]> {

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("not simulated");
    }

    @Override
    default Set<String> subscription() {
        throw unused();
    }

    @Override
    default void subscribe(Collection<String> topics) {
        throw unused();
    }

    @Override
    default void assign(Collection<TopicPartition> partitions) {
        throw unused();
    }

    @Override
    default void subscribe(Pattern pattern, ConsumerRebalanceListener listener) {
        throw unused();
    }

    @Override
    default void subscribe(Pattern pattern) {
        throw unused();
    }

    @Override
    default void subscribe(SubscriptionPattern pattern, ConsumerRebalanceListener listener) {
        throw unused();
    }

    @Override
    default void subscribe(SubscriptionPattern pattern) {
        throw unused();
    }

    @Override
    default void unsubscribe() {
        throw unused();
    }

    @Override
    default void commitSync() {
        throw unused();
    }

    @Override
    default void commitSync(Duration timeout) {
        throw unused();
    }

    @Override
    default void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        throw unused();
    }

    @Override
    default void commitAsync() {
        throw unused();
    }

    @Override
    default void commitAsync(OffsetCommitCallback callback) {
        throw unused();
    }

    @Override
    default void registerMetricForSubscription(KafkaMetric metric) {
        throw unused();
    }

    @Override
    default void unregisterMetricFromSubscription(KafkaMetric metric) {
        throw unused();
    }

    @Override
    default void seekToBeginning(Collection<TopicPartition> partitions) {
        throw unused();
    }

    @Override
    default void seekToEnd(Collection<TopicPartition> partitions) {
        throw unused();
    }

    @Override
    default Uuid clientInstanceId(Duration timeout) {
        throw unused();
    }

    @Override
    default Map<MetricName, ? extends Metric> metrics() {
        throw unused();
    }

    @Override
    default List<PartitionInfo> partitionsFor(String topic) {
        throw unused();
    }

    @Override
    default List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
        throw unused();
    }

    @Override
    default Map<String, List<PartitionInfo>> listTopics() {
        throw unused();
    }

    @Override
    default Map<String, List<PartitionInfo>> listTopics(Duration timeout) {
        throw unused();
    }

    @Override
    default Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> times) {
        throw unused();
    }

    @Override
    default Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> times, Duration timeout) {
        throw unused();
    }

    @Override
    default void enforceRebalance() {
        throw unused();
    }

    @Override
    default void enforceRebalance(String reason) {
        throw unused();
    }

    @Override
    default ConsumerGroupMetadata groupMetadata() {
        throw unused();
    }

    @Override
    default OptionalLong currentLag(TopicPartition partition) {
        throw unused();
    }

    @Override
    @SuppressWarnings("deprecation") // it must be implemented all the same
    default void close(Duration timeout) {
        throw unused();
    }
}
