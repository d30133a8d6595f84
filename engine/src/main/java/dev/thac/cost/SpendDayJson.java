package dev.thac.cost;

import dev.thac.event.JsonText;
import dev.thac.event.JsonTree;
import dev.thac.event.Money;
import dev.thac.event.TokenUsage;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A day of spending as a record of the ledger topic. The key is {@code
 * cost|<pipeline>|<instance>|<run>|<day>}; of one key the latest value counts, sums over keys are
 * the total. The value is JSON:
 *
 * <pre>{@code
 * {"v": 1, "pipeline": "p", "day": "2026-11-20", "zone": "UTC",
 *  "lines": [{"analysis": "mood", "tier": "small", "model": "…", "events": 9, "failed": 0,
 *             "asked": 10, "calls": 1, "unanswered": 0, "unpriced": 0,
 *             "tokens": {"input": 700, "output": 1000}, "nanos": {"input": 70000, "output": 500000}}],
 *  "saved": [{"analysis": "mood", "cause": "rules", "nanos": 171000}]}
 * }</pre>
 *
 * <p>Amounts are nano-USD. Kinds of tokens that are zero are left out.
 */
public final class SpendDayJson {

    /** What the key of every such record begins with. */
    public static final String KEY_PREFIX = "cost|";

    private static final long VERSION = 1;

    private SpendDayJson() {}

    /**
     * The record's key.
     *
     * @param day a day
     * @param instance the process
     * @param run one start of the pipeline in it
     * @return the key
     */
    public static String key(SpendDay day, String instance, String run) {
        return KEY_PREFIX + String.join("|", day.pipeline(), instance, run, day.day().toString());
    }

    /**
     * The record's value.
     *
     * @param day a day
     * @return UTF-8 JSON
     */
    public static byte[] write(SpendDay day) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("v", VERSION);
        tree.put("pipeline", day.pipeline());
        tree.put("day", day.day().toString());
        tree.put("zone", day.zone().getId());
        tree.put("lines", day.lines().stream().map(SpendDayJson::tree).toList());
        List<Object> saved = new ArrayList<>();
        for (SpendDay.Saved each : day.saved()) {
            saved.add(
                    Map.of(
                            "analysis",
                            each.analysis(),
                            "cause",
                            each.cause().label(),
                            "nanos",
                            each.amount().nanos()));
        }
        tree.put("saved", saved);
        return JsonText.bytes(tree);
    }

    private static Map<String, Object> tree(SpendLine line) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("analysis", line.analysis());
        tree.put("tier", line.tier());
        tree.put("model", line.model());
        tree.put("events", line.events());
        tree.put("failed", line.failed());
        tree.put("asked", line.asked());
        tree.put("calls", line.calls());
        tree.put("unanswered", line.unanswered());
        tree.put("unpriced", line.unpriced());
        Map<String, Object> tokens = new LinkedHashMap<>();
        Map<String, Object> nanos = new LinkedHashMap<>();
        for (TokenKind kind : TokenKind.values()) {
            if (kind.of(line.tokens()) != 0) {
                tokens.put(kind.label(), kind.of(line.tokens()));
            }
            Money amount = line.cost().getOrDefault(kind, Money.ZERO);
            if (amount.nanos() != 0) {
                nanos.put(kind.label(), amount.nanos());
            }
        }
        tree.put("tokens", tokens);
        tree.put("nanos", nanos);
        return tree;
    }

    /**
     * Reads a value.
     *
     * @param json what {@link #write} wrote
     * @return the day
     * @throws IllegalArgumentException when it is something else, or of a newer version
     */
    public static SpendDay read(byte[] json) {
        Map<?, ?> tree = object(JsonTree.read(json));
        if (number(tree, "v") != VERSION) {
            throw new IllegalArgumentException("version " + tree.get("v") + " is not known");
        }
        List<SpendLine> lines = new ArrayList<>();
        for (Object line : list(tree, "lines")) {
            lines.add(line(object(line)));
        }
        List<SpendDay.Saved> saved = new ArrayList<>();
        for (Object each : list(tree, "saved")) {
            Map<?, ?> part = object(each);
            saved.add(
                    new SpendDay.Saved(
                            text(part, "analysis"),
                            Saving.valueOf(text(part, "cause").toUpperCase(Locale.ROOT)),
                            new Money(number(part, "nanos"))));
        }
        try {
            return new SpendDay(
                    text(tree, "pipeline"),
                    LocalDate.parse(text(tree, "day")),
                    ZoneId.of(text(tree, "zone")),
                    lines,
                    saved);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static SpendLine line(Map<?, ?> tree) {
        Map<?, ?> tokens = object(tree.get("tokens"));
        Map<?, ?> nanos = object(tree.get("nanos"));
        Map<TokenKind, Money> cost = new EnumMap<>(TokenKind.class);
        for (TokenKind kind : TokenKind.values()) {
            cost.put(kind, new Money(amount(nanos, kind)));
        }
        return new SpendLine(
                text(tree, "analysis"),
                text(tree, "tier"),
                text(tree, "model"),
                number(tree, "events"),
                number(tree, "failed"),
                number(tree, "asked"),
                number(tree, "calls"),
                number(tree, "unanswered"),
                number(tree, "unpriced"),
                new TokenUsage(
                        amount(tokens, TokenKind.INPUT),
                        amount(tokens, TokenKind.CACHE_READ),
                        amount(tokens, TokenKind.CACHE_WRITE),
                        amount(tokens, TokenKind.CACHE_WRITE_LONG),
                        amount(tokens, TokenKind.OUTPUT),
                        amount(tokens, TokenKind.THINKING)),
                cost);
    }

    private static long amount(Map<?, ?> kinds, TokenKind kind) {
        return kinds.containsKey(kind.label()) ? number(kinds, kind.label()) : 0;
    }

    private static Map<?, ?> object(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException("no object: " + tree);
    }

    private static List<?> list(Map<?, ?> tree, String name) {
        if (tree.get(name) instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("\"" + name + "\" is no list");
    }

    private static String text(Map<?, ?> tree, String name) {
        if (tree.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("\"" + name + "\" is no text");
    }

    private static long number(Map<?, ?> tree, String name) {
        if (tree.get(name) instanceof Long number) {
            return number;
        }
        throw new IllegalArgumentException("\"" + name + "\" is no whole number");
    }
}
