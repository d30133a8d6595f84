package dev.thac.spec;

import dev.thac.event.Money;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kinds of single values a file can hold: how each is written, read and described. Numbers keep
 * their file spelling until here, so that nothing is lost to rounding.
 */
enum Scalar {
    /** Any text. */
    TEXT("text", "", "", ""),
    /** A whole number. */
    INTEGER("a whole number", "10", "-?[0-9]+", ""),
    /** A number. */
    NUMBER("a number", "0.7", "-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?", ""),
    /** Yes or no. */
    BOOLEAN("true or false", "true", "true|false", ""),
    /** A length of time. */
    DURATION(
            "a duration",
            "5s",
            "([0-9]+)(ms|s|m|h|d)",
            "write a whole number and a unit: 500ms, 5s, 2m, 24h or 7d"),
    /** A length of time that also names something. */
    DELAY("a delay", "10m", DURATION.grammar, DURATION.advice),
    /** An amount of bytes. */
    SIZE(
            "a size",
            "64KiB",
            "([0-9]+)(B|KiB|MiB|GiB|KB|MB|GB)",
            "write a whole number and a unit: 512B, 64KiB, 6MB or 1GiB"),
    /** An amount of money. */
    MONEY("an amount of money", "20 USD", "([0-9]+(?:\\.[0-9]{1,9})?) USD", "write it as 20 USD"),
    /** So many in a period. */
    RATE(
            "a rate",
            "100/s",
            "([0-9]+(?:\\.[0-9]+)?)/(s|min|h|day)",
            "write a number and a period: 100/s, 600/min, 5000/h or 10000/day"),
    /** A share of a whole. */
    SHARE(
            "a share",
            "80%",
            "([0-9]+(?:\\.[0-9]+)?)(%?)",
            "write it as 80% or 0.8, between 0% and 100%"),
    /** A CEL expression. */
    CEL("a CEL expression", "value.id", "", ""),
    /** Text with placeholders. */
    TEMPLATE("text with {{ path }} placeholders", "{{ value.text }}", "", ""),
    /** Where a secret stands. */
    SECRET(
            "a reference to a secret",
            "${env:API_KEY}",
            "\\$\\{(env:[A-Za-z_][A-Za-z0-9_]*|file:[^}]+)\\}",
            "write ${env:NAME} or ${file:path}");

    private static final Map<String, Long> BYTES =
            Map.of(
                    "B", 1L,
                    "KiB", 1L << 10,
                    "MiB", 1L << 20,
                    "GiB", 1L << 30,
                    "KB", 1_000L,
                    "MB", 1_000_000L,
                    "GB", 1_000_000_000L);

    private static final Map<String, Duration> PERIODS =
            Map.of(
                    "s", Duration.ofSeconds(1),
                    "min", Duration.ofMinutes(1),
                    "h", Duration.ofHours(1),
                    "day", Duration.ofDays(1));

    private final String noun;
    private final String example;
    private final String grammar;
    private final String advice;

    @SuppressWarnings("ImmutableEnumChecker") // Pattern is immutable
    private final Pattern pattern;

    Scalar(String noun, String example, String grammar, String advice) {
        this.noun = noun;
        this.example = example;
        this.grammar = grammar;
        this.advice = advice;
        this.pattern = Pattern.compile(grammar);
    }

    /** What a value is, with its article. */
    String noun() {
        return noun;
    }

    /** A realistic value. */
    String example() {
        return example;
    }

    /** The grammar as a regular expression; empty where every text is right. */
    String grammar() {
        return grammar;
    }

    /** How to write one; empty where that is plain. */
    String advice() {
        return advice;
    }

    /** Whether the grammar is ours, and not that of a YAML number or boolean. */
    boolean ownGrammar() {
        return !advice.isEmpty();
    }

    /**
     * Reads a value.
     *
     * @param text as written
     * @return the value; empty when the text is none
     */
    Optional<Object> read(String text) {
        Matcher matcher = pattern.matcher(text);
        if (!grammar.isEmpty() && !matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    switch (this) {
                        case TEXT -> text;
                        case INTEGER -> Integer.valueOf(text);
                        case NUMBER -> Double.valueOf(text);
                        case BOOLEAN -> Boolean.valueOf(text);
                        case DURATION -> duration(Long.parseLong(matcher.group(1)), matcher);
                        case DELAY ->
                                new Delay(
                                        text, duration(Long.parseLong(matcher.group(1)), matcher));
                        case SIZE ->
                                new DataSize(
                                        Math.multiplyExact(
                                                Long.parseLong(matcher.group(1)),
                                                BYTES.getOrDefault(matcher.group(2), 1L)));
                        case MONEY -> Money.usd(new BigDecimal(matcher.group(1)));
                        case RATE ->
                                new Rate(
                                        Double.parseDouble(matcher.group(1)),
                                        PERIODS.getOrDefault(matcher.group(2), Duration.ZERO));
                        case SHARE ->
                                new Share(
                                        Double.parseDouble(matcher.group(1))
                                                / (matcher.group(2).isEmpty() ? 1 : 100));
                        case CEL -> new CelText(text);
                        case TEMPLATE -> new TemplateText(text);
                        case SECRET -> new Secret(text);
                    });
        } catch (ArithmeticException | IllegalArgumentException _) {
            return Optional.empty(); // matches the grammar and is still out of range
        }
    }

    /** Stands in for a value that could not be read, until all problems are found. */
    Object placeholder() {
        return switch (this) {
            case TEXT -> "";
            case INTEGER -> 1;
            case NUMBER -> 1.0;
            case BOOLEAN -> false;
            case DURATION -> Duration.ZERO;
            case DELAY -> new Delay("", Duration.ZERO);
            case SIZE -> new DataSize(0);
            case MONEY -> Money.ZERO;
            case RATE -> new Rate(1, Duration.ofSeconds(1));
            case SHARE -> new Share(0);
            case CEL -> new CelText("true");
            case TEMPLATE -> new TemplateText("");
            case SECRET -> new Secret("");
        };
    }

    private static Duration duration(long count, Matcher matcher) {
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }
}
