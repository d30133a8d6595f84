package dev.thac.event;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An answer as JSON, whole, so that it can travel with its event and need not be asked for again:
 *
 * <pre>{@code
 * {"fields": {…}, "tier": "small", "model": "…", "confidence": 0.91, "reason": "…",
 *  "usage": {"input": 10, "cacheRead": 0, "cacheWrite": 0, "output": 5, "thinking": 0},
 *  "cost": 1500, "calls": 1, "attempts": 1, "prompt": "0123456789abcdef"}
 * }</pre>
 *
 * <p>{@code cost} is in nano-USD; {@code model} and {@code confidence} are left out where there is
 * none. Thread-safe.
 */
public final class VerdictJson {

    private VerdictJson() {}

    /**
     * Writes an answer.
     *
     * @param verdict a verdict
     * @param fields its answer
     * @return UTF-8 JSON
     */
    public static byte[] write(Verdict verdict, Map<String, Object> fields) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("fields", fields);
        tree.put("tier", verdict.tier());
        verdict.model().ifPresent(model -> tree.put("model", model));
        verdict.confidence().ifPresent(confidence -> tree.put("confidence", confidence));
        tree.put("reason", verdict.reason());
        TokenUsage usage = verdict.usage();
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
        tree.put("cost", verdict.cost().nanos());
        tree.put("calls", (long) verdict.calls());
        tree.put("attempts", (long) verdict.attempts());
        tree.put("prompt", verdict.prompt());
        return JsonText.bytes(tree);
    }

    /**
     * Reads an answer.
     *
     * @param analysis whose it is
     * @param json what {@link #write} wrote
     * @return the verdict
     * @throws IllegalArgumentException when it is something else
     */
    public static Verdict read(String analysis, byte[] json) {
        Map<?, ?> tree = object(JsonTree.read(json));
        Map<?, ?> tokens = object(tree.get("usage"));
        return new Verdict(
                analysis,
                new Verdict.Result.Answered(fields(tree.get("fields"))),
                text(tree, "tier"),
                Optional.ofNullable(tree.get("model")).map(Object::toString),
                tree.get("confidence") instanceof Number confidence
                        ? OptionalDouble.of(confidence.doubleValue())
                        : OptionalDouble.empty(),
                text(tree, "reason"),
                new TokenUsage(
                        count(tokens, "input"),
                        count(tokens, "cacheRead"),
                        count(tokens, "cacheWrite"),
                        tokens.containsKey("cacheWriteLong") ? count(tokens, "cacheWriteLong") : 0,
                        count(tokens, "output"),
                        count(tokens, "thinking")),
                new Money(count(tree, "cost")),
                Math.toIntExact(count(tree, "calls")),
                Math.toIntExact(count(tree, "attempts")),
                text(tree, "prompt"));
    }

    private static Map<?, ?> object(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException("no object: " + tree);
    }

    @SuppressWarnings("NullAway") // null is a legal value of an output field
    private static Map<String, Object> fields(@Nullable Object tree) {
        Map<String, Object> fields = new LinkedHashMap<>();
        object(tree).forEach((name, value) -> fields.put((String) name, value));
        return fields;
    }

    private static String text(Map<?, ?> tree, String name) {
        if (tree.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("\"" + name + "\" is no text");
    }

    private static long count(Map<?, ?> tree, String name) {
        if (tree.get(name) instanceof Long count && count >= 0) {
            return count;
        }
        throw new IllegalArgumentException("\"" + name + "\" is no count");
    }
}
