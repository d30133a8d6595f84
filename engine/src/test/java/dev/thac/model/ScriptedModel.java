package dev.thac.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.thac.event.JsonText;
import dev.thac.event.Money;
import dev.thac.event.TokenUsage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/** A model whose answers a test writes, and that remembers what it was asked and what it billed. */
public final class ScriptedModel implements Model {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Script script;
    private final boolean free;
    private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Paid> bills = new ConcurrentLinkedQueue<>();

    /** What the model does with a call. */
    public interface Script {
        /** Replies to one call. */
        Paid reply(Call call) throws ModelException, InterruptedException;
    }

    /** One call as the model got it; the first has the number 1. */
    public record Call(int number, List<String> inputs, ModelRequest request) {

        /** Answers every item from its input; gives the ordinals itself. */
        public Paid answer(Function<String, Map<String, ?>> each) {
            List<Object> items = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                items.add(item(i + 1, each.apply(inputs.get(i))));
            }
            return text(JsonText.text(Map.of("items", items)));
        }

        /** Replies with a text. */
        public Paid text(String text) {
            return reply(text, ModelReply.Stop.COMPLETE);
        }

        /** Stops for another reason. */
        public Paid stop(ModelReply.Stop stop) {
            return reply("{\"items\":[{\"i\":1,", stop);
        }

        /** Has no reply. */
        public ModelException error(ModelException.Kind kind) {
            return new ModelException(kind, "scripted " + kind, Optional.empty());
        }

        private Paid reply(String text, ModelReply.Stop stop) {
            long tokens = 101L + 7L * number;
            TokenUsage usage = new TokenUsage(tokens, number, 0, 13L * inputs.size() + 1, 2);
            return new Paid(
                    new ModelReply(text, stop, usage, OptionalDouble.empty(), "call-" + number),
                    Optional.of(new Money(1_000_003L + number)));
        }
    }

    private ScriptedModel(String name, Script script, boolean free) {
        this.name = name;
        this.script = script;
        this.free = free;
    }

    /** A model with a script. */
    public static ScriptedModel of(String name, Script script) {
        return new ScriptedModel(name, script, false);
    }

    /** A model of one's own, that no budget stops. */
    public static ScriptedModel free(String name, Script script) {
        return new ScriptedModel(name, script, true);
    }

    /** A model that answers every item from its input. */
    public static ScriptedModel answering(String name, Function<String, Map<String, ?>> each) {
        return of(name, call -> call.answer(each));
    }

    /** One item of an answer. */
    public static Map<String, Object> item(long ordinal, Map<String, ?> fields) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("i", ordinal);
        item.putAll(fields);
        return item;
    }

    /** All calls so far. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** What all calls with a reply cost. */
    public Money cost() {
        Money sum = Money.ZERO;
        for (Paid bill : bills) {
            sum = sum.plus(bill.cost().orElseThrow());
        }
        return sum;
    }

    /** The tokens of all calls with a reply. */
    public TokenUsage usage() {
        TokenUsage sum = TokenUsage.NONE;
        for (Paid bill : bills) {
            sum = sum.plus(bill.reply().usage());
        }
        return sum;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String id() {
        return name + "-model-1";
    }

    @Override
    public int maxOutputTokens() {
        return 4000;
    }

    @Override
    public boolean free() {
        return free;
    }

    @Override
    public Paid ask(ModelRequest request) throws ModelException, InterruptedException {
        List<String> inputs = inputs(request);
        Call call;
        synchronized (calls) {
            call = new Call(calls.size() + 1, inputs, request);
            calls.add(call);
        }
        Paid paid = script.reply(call);
        bills.add(paid);
        return paid;
    }

    private static List<String> inputs(ModelRequest request) {
        try {
            List<String> inputs = new ArrayList<>();
            for (JsonNode item : JSON.readTree(request.content()).get("items")) {
                inputs.add(item.get("input").asText());
                if (item.get("i").asInt() != inputs.size()) {
                    throw new IllegalStateException("ordinals: " + request.content());
                }
            }
            return inputs;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(request.content(), e);
        }
    }
}
