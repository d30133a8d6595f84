package dev.thac.acceptance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.thac.testkit.simulator.CallView;
import dev.thac.testkit.simulator.Fault;
import dev.thac.testkit.simulator.Reply;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A model that spoils its answer to events whose text says so: {@code always:missing} or {@code
 * once:missing}. Whatever it shares a call with gets a good answer where the kind of damage allows
 * it. Thread-safe.
 */
final class SpoiltAnswers implements Function<CallView, Reply> {

    private final Set<String> spoilt = ConcurrentHashMap.newKeySet();

    /** What can be wrong with an answer, and what a dead letter calls it. */
    enum Damage {
        PROSE(Fault.NOT_JSON, "not-json"),
        EMPTY(Fault.EMPTY, "not-json"),
        TRUNCATED(Fault.TRUNCATE, "truncated"),
        REFUSAL(Fault.REFUSAL, "refused"),
        MISSING(null, "missing-item"),
        DUPLICATE(null, "duplicate-item"),
        FOREIGN(null, "missing-item"),
        UNKNOWN(null, "schema-violation"),
        NULLS(null, "schema-violation"),
        BEYOND(null, "schema-violation"),
        SURPLUS(null, "schema-violation");

        private final Fault whole;
        private final String reason;

        Damage(Fault whole, String reason) {
            this.whole = whole;
            this.reason = reason;
        }

        String reason() {
            return reason;
        }

        String spelling() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Reply apply(CallView call) {
        for (Damage damage : Damage.values()) {
            if (damage.whole != null
                    && call.inputs().stream().filter(text -> due(text, damage)).count() > 0) {
                return Reply.fault(damage.whole);
            }
        }
        return Reply.edited(answer -> edited(call, answer));
    }

    private boolean due(String text, Damage damage) {
        String mark = damage.spelling();
        return text.contains("always:" + mark) || text.contains("once:" + mark) && spoilt.add(text);
    }

    private String edited(CallView call, String answer) {
        try {
            JsonNode whole = Written.JSON.readTree(answer);
            ArrayNode items = (ArrayNode) whole.path("items");
            ArrayNode spoiltItems = Written.JSON.createArrayNode();
            for (int i = 0; i < call.inputs().size(); i++) {
                add(spoiltItems, call.inputs().get(i), (ObjectNode) items.get(i));
            }
            ((ObjectNode) whole).set("items", spoiltItems);
            return whole.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the simulator's answer is no JSON", e);
        }
    }

    private void add(ArrayNode items, String text, ObjectNode item) {
        for (Damage damage : Damage.values()) {
            if (damage.whole == null && due(text, damage)) {
                spoil(items, item, damage);
                return;
            }
        }
        items.add(item);
    }

    private static void spoil(ArrayNode items, ObjectNode item, Damage damage) {
        switch (damage) {
            case DUPLICATE -> items.add(item).add(item.deepCopy().put("sentiment", "neutral"));
            case FOREIGN -> items.add(item.put("i", 1_000_001));
            case UNKNOWN -> items.add(item.put("sentiment", "ambivalent"));
            case NULLS -> items.add(item.putNull("score").putNull("summary"));
            case BEYOND -> items.add(item.put("score", 6));
            case SURPLUS -> items.add(item.put("author", "somebody"));
            case MISSING, PROSE, EMPTY, TRUNCATED, REFUSAL -> {}
        }
    }
}
