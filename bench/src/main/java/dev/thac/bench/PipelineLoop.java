package dev.thac.bench;

import dev.thac.event.Header;
import dev.thac.event.Outcome;
import dev.thac.event.SinkRecord;
import dev.thac.meter.Meters;
import dev.thac.pipeline.FlowSpec;
import dev.thac.pipeline.Pipeline;
import dev.thac.resilience.Ticker;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The whole of {@code Pipeline.decide} in the bare loop: all stages, encoding and headers. */
final class PipelineLoop {

    private final Pipeline pipeline;

    PipelineLoop(FlowSpec flow) {
        this.pipeline =
                Pipeline.of(
                        flow,
                        name -> {
                            throw new IllegalArgumentException("no model here: " + name);
                        },
                        new Meters(),
                        Ticker.system());
    }

    ProducerRecord<byte[], byte[]> judge(ConsumerRecord<byte[], byte[]> record) {
        if (pipeline.decide(Stages.delivery(record)) instanceof Pipeline.Decision.Settled settled
                && settled.outcome() instanceof Outcome.Routed routed
                && routed.records().size() == 1) {
            return producerRecord(routed.records().getFirst());
        }
        throw new WrongOutputException("every event must be routed once");
    }

    private static ProducerRecord<byte[], byte[]> producerRecord(SinkRecord out) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        out.topic(), out.partition(), out.timestamp(), out.key(), out.value());
        for (Header header : out.headers()) {
            record.headers().add(header.key(), header.value());
        }
        return record;
    }
}
