package dev.thac.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.CelOptions;
import dev.cel.extensions.CelExtensions;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.thac.event.Delivery;
import dev.thac.event.Event;
import dev.thac.event.Header;
import dev.thac.event.RecordId;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * The closures against dev.cel's interpreters: same value, and an error where they have one. There
 * are two because each has a slip: the planner forgets errors inside lists, and the legacy one
 * takes a non-boolean left of {@code ||} as final. The closures must agree with one of them.
 */
class OracleTest {

    private static final int SEED = 7;
    private static final int EXPRESSIONS = 700;
    private static final int EVENTS = 30;

    private static final CelRuntime LEGACY =
            CelRuntimeFactory.legacyCelRuntimeBuilder()
                    .setOptions(
                            CelOptions.current()
                                    .enableHeterogeneousNumericComparisons(true)
                                    .build())
                    .addLibraries(CelExtensions.strings())
                    .addFunctionBindings(
                            CelFunctionBinding.from("fold_string", String.class, Fold::fold))
                    .build();

    private static final List<String> FIELDS =
            List.of("a", "b", "c", "list", "items", "text", "flag", "none", "map", "gone");
    private static final List<String> LITERALS =
            List.of(
                    "0",
                    "1",
                    "-1",
                    "2",
                    "3",
                    "1.0",
                    "0.5",
                    "-2.5",
                    "'x'",
                    "'se mua lai'",
                    "''",
                    "true",
                    "false",
                    "null",
                    "'Đẹp'",
                    "9223372036854775807",
                    "[1, 2.0, 'x']",
                    "{'a': 1, 'b': 'x'}",
                    "[]");
    private static final List<String> BINARY =
            List.of("==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "&&", "||", "in");

    @Test
    void closuresAgreeWithTheInterpreterOnRandomExpressions() throws ExpressionException {
        Random random = new Random(SEED);
        List<Event> events = events(random);
        int compared = 0;
        int covered = 0;
        for (int i = 0; i < EXPRESSIONS; i++) {
            String cel = expression(random, 4);
            Formula ours;
            try {
                ours = Expressions.formula(cel);
            } catch (ExpressionException _) {
                continue; // ill-typed: refused by the checker
            }
            covered += Expressions.covered(cel) ? 1 : 0;
            List<Node> oracles = oracles(cel);
            for (Event event : events) {
                assertSame(cel, event, ours, oracles);
                compared++;
            }
        }

        assertThat(compared).isGreaterThan(EXPRESSIONS * EVENTS / 3);
        assertThat(covered).isGreaterThan(EXPRESSIONS / 3);
    }

    @Test
    void closuresAgreeWithTheInterpreterOnWrittenExpressions() throws ExpressionException {
        List<Event> events = events(new Random(SEED));
        for (String cel :
                List.of(
                        "value.a == 1 && fold(value.text).contains('se mua lai')",
                        "value.items.exists(i, i.p > 3)",
                        "value.items.all(i, has(i.p) && i.p > 1)",
                        "value.items.exists_one(i, i.n == 'x')",
                        "value.items.map(i, i.p * 2)",
                        "value.items.filter(i, i.p > 1).size()",
                        "value.items.map(i, i.p > 1, i.n)",
                        "value.list.exists(x, value.list.exists(y, x == y && x != 1))",
                        "value.map.exists(k, k == 'a')",
                        "value.list.exists(value, value == 1)",
                        "size(value.text) > 3 ? value.text : 'short'",
                        "value.text.matches('^[a-z ]+$')",
                        "value.text.lowerAscii() == value.text.upperAscii()",
                        "value.list[0] == value.list[1]",
                        "value['a'] == value.map['b']",
                        "int(value.b) + int(value.text)",
                        "double(value.a) * 1.1",
                        "string(value.a) + string(value.flag)",
                        "string(value.b)",
                        "int('12') + int(3.9) + int(-3.9)",
                        "has(value.map.a) && value.map.a == 1",
                        "headers.trace == 'abc' || 'x' in headers",
                        "topic + '-' + string(partition) + '@' + string(offset)",
                        "timestamp > 1000",
                        "analysis.review.urgent",
                        "key.startsWith('k') && key.endsWith('1')",
                        "timestamp('2026-01-01T00:00:00Z') < timestamp('2026-01-02T00:00:00Z')",
                        "value.text.split(' ').size()",
                        "value.text.trim().replace('a', 'b')",
                        "value.text.substring(2)",
                        "value.text.substring(0, 3)",
                        "value.text.substring(3, 2)",
                        "value.text.substring(-1, 2)",
                        "value.text.substring(2, 9223372036854775807)",
                        "'\\U0001F600\\u0300b'.substring(1, 2) + '\\U0001F600b'.substring(1)",
                        "'\\U0001F600b'.substring(1, 3)",
                        "'\\U0001F600b'.substring(3)",
                        "value.a.substring(1)",
                        "value.text.substring(value.b, value.a)",
                        "value.text.replace(value.text, value.a)",
                        "value.text.replace('', '-')",
                        "'\\t\\v\\u0085\\u00a0\\u1680\\u2003\\u2028\\u202f\\u205f\\u3000a"
                                + " \\u200b'.trim()",
                        "' \\u001f a\\u180e\\ufeff '.trim() + ''.trim() + '  '.trim()",
                        "value.none.trim()",
                        "type(value.a) == int",
                        "[1, 2, 3].map(x, x * x) == [1, 4, 9]",
                        "{'a': value.a}.a")) {
            Formula ours = Expressions.formula(cel);
            List<Node> oracles = oracles(cel);
            for (Event event : events) {
                assertSame(cel, event, ours, oracles);
            }
        }
    }

    private static List<Node> oracles(String cel) throws ExpressionException {
        try {
            return List.of(
                    Expressions.interpreted(cel),
                    new InterpretedNode(LEGACY.createProgram(CelLanguage.check(cel))));
        } catch (CelEvaluationException refused) {
            throw new AssertionError(refused);
        }
    }

    private static void assertSame(String cel, Event event, Formula ours, List<Node> oracles) {
        Object actual;
        try {
            actual = ours.apply(event);
        } catch (EvaluationException failed) {
            actual = new Fault(failed.getMessage());
        }
        List<Object> expected = new ArrayList<>();
        for (Node oracle : oracles) {
            expected.add(oracle.eval(event, new Object[0]));
        }
        boolean same = false;
        for (Object one : expected) {
            same |= sameValue(one, actual);
        }
        assertThat(same)
                .as("%s over %s gives %s, not one of %s", cel, event.value(), actual, expected)
                .isTrue();
    }

    private static boolean sameValue(Object expected, Object actual) {
        return expected instanceof Fault
                ? actual instanceof Fault
                : Objects.equals(expected, actual);
    }

    private static String expression(Random random, int depth) {
        if (depth == 0 || random.nextInt(5) == 0) {
            return leaf(random);
        }
        String inner = expression(random, depth - 1);
        return switch (random.nextInt(16)) {
            case 0 -> "(" + inner + " ? " + leaf(random) + " : " + leaf(random) + ")";
            case 1 -> "!(" + inner + ")";
            case 2 -> "-(" + inner + ")";
            case 3 -> "size(" + inner + ")";
            case 4 -> "(" + inner + ").contains(" + leaf(random) + ")";
            case 5 -> "fold(" + inner + ")";
            case 6 -> "(" + inner + ").startsWith('x')";
            case 7 -> "value.items.exists(i, i.p == " + inner + ")";
            case 8 -> "value.list.all(x, x == " + inner + ")";
            case 9 -> "value.list.map(x, " + inner + ")";
            case 10 -> "value.items.filter(i, " + inner + ")";
            case 11 -> "has(value.map." + FIELDS.get(random.nextInt(FIELDS.size())) + ")";
            case 12 -> "[" + inner + ", " + leaf(random) + "]";
            default ->
                    "("
                            + inner
                            + " "
                            + BINARY.get(random.nextInt(BINARY.size()))
                            + " "
                            + expression(random, depth - 1)
                            + ")";
        };
    }

    private static String leaf(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> LITERALS.get(random.nextInt(LITERALS.size()));
            case 1 -> "value.map." + FIELDS.get(random.nextInt(FIELDS.size()));
            default -> "value." + FIELDS.get(random.nextInt(FIELDS.size()));
        };
    }

    private static List<Event> events(Random random) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            Object value = i == 0 ? "just text" : map(random, 2);
            Delivery delivery =
                    new Delivery(
                            new RecordId("orders", i % 3, i),
                            i * 100L,
                            i % 4 == 0 ? null : ("k" + i % 2).getBytes(StandardCharsets.UTF_8),
                            null,
                            i % 2 == 0 ? List.of() : List.of(Header.text("trace", "abc")));
            events.add(
                    new Event(delivery, value)
                            .withAnalysis(Map.of("review", Map.of("urgent", i % 2 == 0))));
        }
        return events;
    }

    private static Map<String, Object> map(Random random, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (String field : FIELDS) {
            if (!field.equals("gone") && random.nextInt(6) > 0) {
                map.put(field, value(random, field, depth));
            }
        }
        return map;
    }

    private static Object value(Random random, String field, int depth) {
        return switch (field) {
            case "map" -> depth == 0 ? Map.of() : map(random, depth - 1);
            case "list" ->
                    random.ints(random.nextInt(4), 0, 6)
                            .mapToObj(i -> scalar(random))
                            .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
            case "items" -> {
                List<Object> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    Map<String, Object> item = new LinkedHashMap<>();
                    item.put("n", random.nextBoolean() ? "x" : "y");
                    if (random.nextInt(5) > 0) {
                        item.put("p", scalar(random));
                    }
                    items.add(item);
                }
                yield items;
            }
            case "none" -> null;
            case "flag" -> random.nextBoolean();
            case "text" ->
                    List.of("Sẽ mua lại", "x", "", "hàng ĐẸP", "abc a").get(random.nextInt(5));
            default -> scalar(random);
        };
    }

    private static Object scalar(Random random) {
        return switch (random.nextInt(7)) {
            case 0, 1 -> (long) random.nextInt(5) - 1;
            case 2 -> (random.nextInt(9) - 2) / 2.0;
            case 3 -> List.of("x", "y", "", "12", "1.5").get(random.nextInt(5));
            case 4 -> random.nextBoolean();
            case 5 -> null;
            default -> 1L;
        };
    }
}
