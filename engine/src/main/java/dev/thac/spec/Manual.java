package dev.thac.spec;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The reference manual of files as Markdown, made from the same records as the reader: one section
 * a mapping, one row a key. Used once, by one thread.
 */
public final class Manual {

    private static final String NOT_YET = " *Not built yet.*";

    private final StringBuilder text = new StringBuilder();
    private final Map<Class<?>, String> described = new HashMap<>();

    /** An empty manual. */
    public Manual() {}

    /**
     * Adds a file.
     *
     * @param type its spec record
     * @param title heading of the chapter
     * @param introduction Markdown placed below the heading
     * @return this
     */
    public Manual file(Class<? extends Record> type, String title, String introduction) {
        text.append("# ").append(title).append("\n\n").append(introduction).append("\n\n");
        mapping("", Shapes.of(type), false);
        return this;
    }

    /**
     * Adds the spellings of durations, sizes and the like.
     *
     * @return this
     */
    public Manual values() {
        text.append("# Values\n\n| value | example | how it is written |\n|---|---|---|\n");
        for (Scalar scalar : Scalar.values()) {
            if (scalar.ownGrammar()) {
                text.append(
                        "| %s | `%s` | %s |\n"
                                .formatted(scalar.noun(), scalar.example(), cell(scalar.advice())));
            }
        }
        text.append("| a CEL expression | `value.total >= 100000` | CEL, with `fold(text)` |\n");
        text.append("| text with placeholders | `{{ value.text }}` | `{{ path }}` |\n\n");
        return this;
    }

    /**
     * The manual so far.
     *
     * @return Markdown that ends with one line end
     */
    public String markdown() {
        return text.toString().stripTrailing() + "\n";
    }

    private void mapping(String path, Shape.Mapping mapping, boolean notYet) {
        described.put(mapping.type(), path);
        if (!path.isEmpty()) {
            text.append("## ").append(path).append("\n\n");
            if (notYet) {
                text.append(NOT_YET.strip()).append("\n\n");
            }
        }
        text.append("| key | type | default | meaning |\n|---|---|---|---|\n");
        mapping.fields().forEach(field -> row(path, field));
        text.append('\n');
        mapping.fields()
                .forEach(
                        field ->
                                below(
                                        Document.join(path, field.name()),
                                        field.shape(),
                                        notYet || field.notYet()));
    }

    private void row(String path, Shape.Field field) {
        String fallback =
                field.orElse()
                        .map(value -> "`" + value + "`")
                        .orElse(field.required() ? "**required**" : "");
        Key key = field.key();
        String example = key.example().isEmpty() ? "" : " For example `" + key.example() + "`.";
        text.append(
                "| `%s` | %s | %s | %s%s%s%s |\n"
                        .formatted(
                                field.name(),
                                type(Document.join(path, field.name()), field.shape()),
                                cell(fallback),
                                cell(key.value()),
                                bounds(key),
                                cell(example),
                                field.notYet() ? NOT_YET : ""));
    }

    private static String bounds(Key key) {
        boolean low = !Double.isInfinite(key.min());
        boolean high = !Double.isInfinite(key.max());
        if (low && high) {
            return " From %s to %s.".formatted(number(key.min()), number(key.max()));
        }
        if (low) {
            return " At least %s.".formatted(number(key.min()));
        }
        return high ? " At most %s.".formatted(number(key.max())) : "";
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private String type(String path, Shape shape) {
        return switch (shape) {
            case Shape.Single single -> bare(single.scalar().noun());
            case Shape.Choice choice ->
                    choice.options().stream()
                            .map(
                                    option ->
                                            "`%s`%s"
                                                    .formatted(
                                                            option.word(),
                                                            option.notYet() ? " (not yet)" : ""))
                            .collect(Collectors.joining(", "));
            case Shape.Items items -> "list of " + type(path + "[]", items.item());
            case Shape.Entries entries ->
                    "name to " + type(path + ".&lt;name&gt;", entries.value());
            case Shape.Anything _ -> "anything";
            case Shape.Mapping mapping ->
                    link(Optional.ofNullable(described.get(mapping.type())).orElse(path));
            case Shape.Union union ->
                    union.variants().stream()
                            .map(variant -> link(path + " (" + variant.key() + ")"))
                            .collect(Collectors.joining(" or "));
        };
    }

    private void below(String path, Shape shape, boolean notYet) {
        switch (shape) {
            case Shape.Items items -> below(path + "[]", items.item(), notYet);
            case Shape.Entries entries -> below(path + ".&lt;name&gt;", entries.value(), notYet);
            case Shape.Mapping mapping -> {
                if (!described.containsKey(mapping.type())) {
                    mapping(path, mapping, notYet);
                }
            }
            case Shape.Union union ->
                    union.variants()
                            .forEach(
                                    variant ->
                                            mapping(
                                                    path + " (" + variant.key() + ")",
                                                    variant.mapping(),
                                                    notYet || variant.notYet()));
            case Shape.Single _, Shape.Choice _, Shape.Anything _ -> {}
        }
    }

    /** A link to a section, by the anchor that GitHub makes of its heading. */
    private static String link(String heading) {
        String anchor =
                heading.replace("&lt;", "")
                        .replace("&gt;", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 _-]", "")
                        .replace(' ', '-');
        return "[%s](#%s)".formatted(heading, anchor);
    }

    private static String bare(String noun) {
        return noun.startsWith("a ") ? noun.substring(2) : noun;
    }

    private static String cell(String markdown) {
        return markdown.replace("|", "\\|").replace("<pipeline>", "`<pipeline>`");
    }
}
