package dev.thac.bench;

import dev.thac.cascade.AnalysisSpec;
import dev.thac.cascade.RuleSpec;
import dev.thac.cascade.TierSpec;
import dev.thac.decode.Decoder;
import dev.thac.decode.Decoders;
import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Header;
import dev.thac.event.RecordId;
import dev.thac.expression.Condition;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.filter.EventFilter;
import dev.thac.filter.PatternException;
import dev.thac.pipeline.FlowSpec;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The engine's stages one after the other in the bare loop, each row one stage further; what comes
 * out is always the record as it came in. Single-threaded.
 */
final class Stages {

    private final Decoder decoder;
    private final EventFilter filter;
    private final List<Condition> rules = new ArrayList<>();
    private final String output;

    Stages(FlowSpec flow, String output) throws ExpressionException, PatternException {
        this.decoder = Decoders.of(flow.format());
        this.filter =
                EventFilter.compile(
                        flow.filter().stream()
                                .map(tree -> Optional.ofNullable(tree.value()).orElseThrow())
                                .toList());
        this.output = output;
        for (AnalysisSpec analysis : flow.analyses().values()) {
            if (analysis.tiers().getFirst() instanceof TierSpec.Rules(List<RuleSpec> specs)) {
                for (RuleSpec rule : specs) {
                    rules.add(Expressions.condition(rule.when().text()));
                }
            }
        }
    }

    ProducerRecord<byte[], byte[]> decoded(ConsumerRecord<byte[], byte[]> record) {
        Event _ = decode(record);
        return BareLoop.copy(record, output);
    }

    ProducerRecord<byte[], byte[]> filtered(ConsumerRecord<byte[], byte[]> record) {
        require(filter.matches(decode(record)), record);
        return BareLoop.copy(record, output);
    }

    ProducerRecord<byte[], byte[]> ruled(ConsumerRecord<byte[], byte[]> record) {
        Event event = decode(record);
        require(filter.matches(event), record);
        int rule = 0;
        while (rule < rules.size() && !rules.get(rule).test(event)) {
            rule++;
        }
        require(rule < rules.size(), record);
        return BareLoop.copy(record, output);
    }

    /** The record as the lane hands it to a pipeline. */
    static Delivery delivery(ConsumerRecord<byte[], byte[]> record) {
        List<Header> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(new Header(header.key(), header.value())));
        return new Delivery(
                new RecordId(record.topic(), record.partition(), record.offset()),
                record.timestamp(),
                record.key(),
                record.value(),
                headers);
    }

    private Event decode(ConsumerRecord<byte[], byte[]> record) {
        return switch (decoder.decode(delivery(record))) {
            case Decoder.Result.Decoded(Event event) -> event;
            case Decoder.Result.Undecodable undecodable ->
                    throw new WrongOutputException("undecodable: " + undecodable);
        };
    }

    private static void require(boolean passed, ConsumerRecord<byte[], byte[]> record) {
        if (!passed) {
            throw new WrongOutputException(
                    "every event must pass, " + record.partition() + '@' + record.offset());
        }
    }
}
