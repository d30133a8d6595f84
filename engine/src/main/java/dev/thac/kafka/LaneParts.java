package dev.thac.kafka;

import dev.thac.resilience.Ticker;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * What the parts of one lane share; all of it belongs to the lane thread.
 *
 * @param consumer the lane's consumer
 * @param producer the lane's producer
 * @param outgoing sends through that producer
 * @param inbox finished work of other threads
 * @param assignment the partitions the lane holds
 * @param rejections what to write where the broker refused a record
 * @param listener who counts
 * @param ticker the time
 * @param mapBytes longest offset map, before base64; 0: offsets are committed without a map
 */
record LaneParts(
        Consumer<byte[], byte[]> consumer,
        Producer<byte[], byte[]> producer,
        Outgoing outgoing,
        Inbox inbox,
        Assignment assignment,
        Rejections rejections,
        Lane.Listener listener,
        Ticker ticker,
        int mapBytes) {}
