package dev.thac.observe;

import dev.thac.meter.Metric;
import dev.thac.spec.Spelling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * When an alert holds: one comparison, or several that hold together. {@code model-p99 > 10s and
 * model-calls > 20}.
 *
 * @param text as written
 * @param clauses the comparisons, in order
 */
public record Condition(String text, List<Clause> clauses) {

    private static final Pattern TOKEN = Pattern.compile("[<>=!]+|[^\\s<>=!]+");

    /** Copies the clauses. */
    public Condition {
        clauses = List.copyOf(clauses);
    }

    /**
     * One comparison.
     *
     * @param signal what is measured
     * @param comparison how it is compared
     * @param threshold with what, in the signal's base unit
     * @param written the threshold as written
     */
    public record Clause(Signal signal, Comparison comparison, double threshold, String written) {

        /** A comparison holds, with the figure at which it does. */
        String say(double figure) {
            return "%s is %s (%s %s)"
                    .formatted(
                            signal.label(), signal.unit().say(figure), comparison.sign(), written);
        }
    }

    private record Token(String text, int offset) {}

    /**
     * Reads a condition.
     *
     * @param text as written
     * @return the condition
     * @throws ConditionException which part is wrong, and what to write instead
     */
    public static Condition parse(String text) throws ConditionException {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(new Token(matcher.group(), matcher.start()));
        }
        List<Clause> clauses = new ArrayList<>();
        Optional<Signal> narrow = Optional.empty();
        int next = 0;
        do {
            Token name = token(text, tokens, next, "a signal", "for example  lag > 300s");
            Signal signal = signal(name);
            if (signal.scope() != Scope.PIPELINE) {
                if (narrow.isPresent() && narrow.get().scope() != signal.scope()) {
                    throw wrong(
                            name,
                            "\"%s\" is measured for each %s and \"%s\" for each %s: they cannot be"
                                            .formatted(
                                                    narrow.get().label(),
                                                    word(narrow.get()),
                                                    signal.label(),
                                                    word(signal))
                                    + " compared together",
                            "make two alerts of them");
                }
                narrow = Optional.of(signal);
            }
            clauses.add(clause(text, tokens, next, signal));
            next += 3;
            if (next < tokens.size() && !tokens.get(next).text().equals("and")) {
                throw wrong(
                        tokens.get(next),
                        "\"" + tokens.get(next).text() + "\" cannot follow a comparison",
                        "comparisons are joined by \"and\"; for \"or\", make two alerts");
            }
            next++;
        } while (next <= tokens.size());
        return new Condition(text, clauses);
    }

    private static Clause clause(String text, List<Token> tokens, int at, Signal signal)
            throws ConditionException {
        Token sign = token(text, tokens, at + 1, "a comparison", "write >, >=, <, <= or ==");
        Comparison comparison =
                Comparison.of(sign.text())
                        .orElseThrow(
                                () ->
                                        wrong(
                                                sign,
                                                "\"" + sign.text() + "\" is no comparison",
                                                "write >, >=, <, <= or =="));
        if (comparison == Comparison.EQUAL && !(signal.unit() instanceof Unit.States)) {
            throw wrong(
                    sign,
                    "\"" + signal.label() + "\" is hardly ever exactly that",
                    "write >, >=, < or <=; only states are compared with ==");
        }
        String like =
                signal.unit() instanceof Unit.States
                        ? "the states are " + signal.example()
                        : "write " + signal.unit().noun() + ": " + signal.example();
        Token written = token(text, tokens, at + 2, "a threshold", like);
        OptionalDouble threshold = signal.unit().read(written.text());
        if (threshold.isEmpty()) {
            throw wrong(
                    written,
                    "\"%s\" cannot be compared with \"%s\""
                            .formatted(signal.label(), written.text()),
                    like);
        }
        return new Clause(signal, comparison, threshold.getAsDouble(), written.text());
    }

    private static Signal signal(Token name) throws ConditionException {
        Optional<Signal> signal = Signal.of(name.text());
        if (signal.isEmpty()) {
            throw wrong(
                    name,
                    "there is no signal \"" + name.text() + "\"",
                    Spelling.advice(name.text(), Signal.labels(), "signals"));
        }
        return signal.get();
    }

    private static Token token(String text, List<Token> tokens, int at, String what, String help)
            throws ConditionException {
        if (at >= tokens.size()) {
            int end = Math.max(0, text.stripTrailing().length() - 1);
            throw new ConditionException(end, 1, what + " is missing", help);
        }
        return tokens.get(at);
    }

    private static ConditionException wrong(Token token, String message, String help) {
        return new ConditionException(token.offset(), token.text().length(), message, help);
    }

    private static String word(Signal signal) {
        return signal.scope().name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * What an alert is about: the narrowest scope of its signals.
     *
     * @return the scope
     */
    public Scope scope() {
        return clauses.stream()
                .map(clause -> clause.signal().scope())
                .filter(scope -> scope != Scope.PIPELINE)
                .findFirst()
                .orElse(Scope.PIPELINE);
    }

    /** The metrics it looks at. */
    Set<Metric> metrics() {
        return clauses.stream()
                .flatMap(clause -> clause.signal().metrics().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * What it holds for.
     *
     * @param history what the series were
     * @param selection whose series
     * @param now the time of day
     * @return subject to the figures, in words
     */
    Map<String, String> holds(History history, Selection selection, Instant now) {
        Optional<Map<String, String>> all = Optional.empty();
        String everywhere = "";
        for (Clause clause : clauses) {
            Map<String, String> mine = holds(clause, history, selection, now);
            if (clause.signal().scope() == Scope.PIPELINE && scope() != Scope.PIPELINE) {
                if (mine.isEmpty()) {
                    return Map.of();
                }
                everywhere += ", " + String.join(", ", mine.values());
            } else {
                all = Optional.of(all.isEmpty() ? mine : both(all.get(), mine));
            }
        }
        Map<String, String> words = new TreeMap<>();
        for (Map.Entry<String, String> each : all.orElse(Map.of()).entrySet()) {
            words.put(each.getKey(), each.getValue() + everywhere);
        }
        return words;
    }

    private static Map<String, String> holds(
            Clause clause, History history, Selection selection, Instant now) {
        Formula.From from = new Formula.From(clause.signal().scope(), selection);
        Map<String, String> words = new TreeMap<>();
        clause.signal()
                .formula()
                .figures(history, from, now)
                .forEach(
                        (subject, figure) -> {
                            if (clause.comparison().holds(figure, clause.threshold())) {
                                words.put(subject, clause.say(figure));
                            }
                        });
        return words;
    }

    private static Map<String, String> both(Map<String, String> one, Map<String, String> other) {
        Map<String, String> words = new TreeMap<>();
        one.forEach(
                (subject, said) -> {
                    String also = other.get(subject);
                    if (also != null) {
                        words.put(subject, said + ", " + also);
                    }
                });
        return words;
    }

    /**
     * The same for Prometheus.
     *
     * @param selection whose series
     * @return an expression; each comparison on a line of its own
     */
    String expression(Selection selection) {
        List<Clause> narrowFirst = new ArrayList<>();
        clauses.stream()
                .filter(clause -> clause.signal().scope() == scope())
                .forEach(narrowFirst::add);
        clauses.stream()
                .filter(clause -> clause.signal().scope() != scope())
                .forEach(narrowFirst::add);
        StringBuilder expression = new StringBuilder();
        for (Clause clause : narrowFirst) {
            Scope own = clause.signal().scope();
            if (!expression.isEmpty()) {
                List<String> on = new ArrayList<>(own.labels());
                on.retainAll(scope().labels());
                expression.append("\nand on (").append(String.join(", ", on)).append(") ");
            }
            expression
                    .append(clause.signal().formula().expression(new Formula.From(own, selection)))
                    .append(' ')
                    .append(clause.comparison().sign())
                    .append(' ')
                    .append(RuleText.number(clause.threshold()));
        }
        return expression.toString();
    }
}
