package dev.thac.kafka;

import dev.thac.cascade.Answers;
import dev.thac.decode.Decoder;
import dev.thac.decode.Decoders;
import dev.thac.decode.Format;
import dev.thac.event.Delivery;
import dev.thac.event.JsonText;
import dev.thac.event.Money;
import dev.thac.event.RecordId;
import dev.thac.event.TokenUsage;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Records of the journal, version 1. The key is what was asked, {@code
 * topic-partition@offset|analysis|tier|prompt}; the value is the answer:
 *
 * <pre>{@code
 * {"v":1,"fields":{…},"confidence":0.62,"model":"small",
 *  "usage":{"input":10,"cacheRead":0,"cacheWrite":0,"output":5,"thinking":0},"cost":1500,"calls":1}
 * }</pre>
 *
 * <p>An answer that was given after the event's nth retry topic has the header {@code thac.pass}
 * with that number.
 *
 * <p>{@code confidence} is left out where none was asked for, {@code cost} is in nano-USD. Members
 * unknown to a reader are ignored. Stateless.
 */
final class JournalRecord {

    private static final String PASS = "thac.pass";
    private static final long VERSION = 1;
    private static final Decoder JSON = Decoders.of(Format.JSON);
    private static final RecordId NOWHERE = new RecordId("journal", 0, 0);

    private JournalRecord() {}

    /**
     * A key, taken apart as far as a reader needs it.
     *
     * @param event the event's original coordinates
     * @param question the rest: analysis, tier and prompt
     */
    record Key(RecordId event, String question) {}

    static String question(Answers.Asked asked) {
        return asked.analysis() + '|' + asked.tier() + '|' + asked.prompt();
    }

    static byte[] key(Answers.Asked asked) {
        String key = asked.event().toString() + '|' + question(asked);
        return key.getBytes(StandardCharsets.UTF_8);
    }

    /** The header of an answer that was given after a retry topic; none for others. */
    static List<Header> headers(Answers.Asked asked) {
        return asked.pass() == 0
                ? List.of()
                : List.of(
                        new RecordHeader(
                                PASS,
                                Integer.toString(asked.pass())
                                        .getBytes(StandardCharsets.US_ASCII)));
    }

    /** After which retry topic an answer was given; 0 for none, -1 where that is damaged. */
    static int pass(Headers headers) {
        Header pass = headers.lastHeader(PASS);
        if (pass == null) {
            return 0;
        }
        try {
            String text = new String(pass.value(), StandardCharsets.US_ASCII);
            return Math.max(-1, Integer.parseInt(text));
        } catch (NumberFormatException _) { // not written by us
            return -1;
        }
    }

    /** Empty where it is no key of ours. */
    static Optional<Key> key(byte @Nullable [] bytes) {
        if (bytes == null) {
            return Optional.empty();
        }
        String key = new String(bytes, StandardCharsets.UTF_8);
        int bar = key.indexOf('|');
        if (bar < 0) {
            return Optional.empty();
        }
        try {
            RecordId event = RecordId.parse(key.substring(0, bar));
            return Optional.of(new Key(event, key.substring(bar + 1)));
        } catch (IllegalArgumentException _) { // not written by us
            return Optional.empty();
        }
    }

    static byte[] value(Answers.Answer answer) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("v", VERSION);
        tree.put("fields", answer.fields());
        answer.confidence().ifPresent(confidence -> tree.put("confidence", confidence));
        tree.put("model", answer.model());
        TokenUsage usage = answer.usage();
        Map<String, Object> tokens = new LinkedHashMap<>();
        tokens.put("input", usage.input());
        tokens.put("cacheRead", usage.cacheRead());
        tokens.put("cacheWrite", usage.cacheWrite());
        if (usage.cacheWriteLong() > 0) {
            tokens.put("cacheWriteLong", usage.cacheWriteLong());
        }
        tokens.put("output", usage.output());
        tokens.put("thinking", usage.thinking());
        tree.put("usage", tokens);
        tree.put("cost", answer.cost().nanos());
        tree.put("calls", (long) answer.calls());
        return JsonText.bytes(tree);
    }

    /** Empty where it is no answer of a version we know. */
    static Optional<Answers.Answer> answer(byte @Nullable [] value) {
        Delivery delivery = new Delivery(NOWHERE, 0, null, value, List.of());
        if (JSON.decode(delivery) instanceof Decoder.Result.Decoded decoded
                && decoded.event().value() instanceof Map<?, ?> tree
                && Long.valueOf(VERSION).equals(tree.get("v"))
                && tree.get("fields") instanceof Map<?, ?> fields
                && tree.get("model") instanceof String model
                && tree.get("usage") instanceof Map<?, ?> usage) {
            @SuppressWarnings("unchecked") // the decoder makes maps with text keys only
            Map<String, Object> named = (Map<String, Object>) fields;
            return Optional.of(
                    new Answers.Answer(
                            named,
                            tree.get("confidence") instanceof Number confidence
                                    ? OptionalDouble.of(confidence.doubleValue())
                                    : OptionalDouble.empty(),
                            model,
                            new TokenUsage(
                                    count(usage, "input"),
                                    count(usage, "cacheRead"),
                                    count(usage, "cacheWrite"),
                                    count(usage, "cacheWriteLong"),
                                    count(usage, "output"),
                                    count(usage, "thinking")),
                            new Money(count(tree, "cost")),
                            (int) Math.min(count(tree, "calls"), Integer.MAX_VALUE)));
        }
        return Optional.empty();
    }

    private static long count(Map<?, ?> tree, String name) {
        return tree.get(name) instanceof Long count && count > 0 ? count : 0;
    }
}
