package dev.thac.sink;

import dev.thac.event.Delivery;

import org.apache.kafka.common.TopicPartition;

/**
 * A record as it was polled.
 *
 * @param place the partition it was polled from: of the sink's topic, or of its retry topic
 * @param offset its offset there
 * @param index its number among the batch's records of that partition, from 0
 * @param delivery the record under its original coordinates
 */
record Polled(TopicPartition place, long offset, int index, Delivery delivery) {}
