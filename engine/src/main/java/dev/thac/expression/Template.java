package dev.thac.expression;

import dev.thac.event.Event;
import dev.thac.event.JsonText;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Text with placeholders: a path between two opening and two closing braces, as in {@code {{
 * value.text }}}. A path starts from a root that expressions see and goes on with {@code .name},
 * {@code [0]} or {@code ["odd name"]}; a name may hold anything but dots, brackets, braces, quotes,
 * bars and spaces. Texts render as they are, numbers as in JSON, objects and lists as JSON, {@code
 * null} and what is missing as nothing. A backslash before two opening braces makes them literal.
 *
 * <p>Immutable and thread-safe.
 */
public final class Template {

    /** Shows everything as it is. */
    public static final Lens PLAIN = (_, value) -> value;

    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";

    private final List<Part> parts;
    private final Set<String> paths;

    /** What placeholders show of their values. */
    @FunctionalInterface
    public interface Lens {
        /**
         * One placeholder's value.
         *
         * @param path the name it starts from, then {@code String} names and {@code Integer}
         *     indices
         * @param value what stands there; must not be changed
         * @return what is rendered in its place
         */
        @Nullable Object show(List<Object> path, @Nullable Object value);
    }

    /** A piece of the text: literal where there is no root. */
    private record Part(
            String literal, Optional<Root> root, List<Object> steps, List<Object> path) {}

    private Template(List<Part> parts, Set<String> paths) {
        this.parts = parts;
        this.paths = paths;
    }

    /**
     * Parses.
     *
     * @param text the source
     * @return the template
     * @throws ExpressionException when a placeholder is not closed or holds no path
     */
    public static Template parse(String text) throws ExpressionException {
        List<Part> parts = new ArrayList<>();
        Set<String> paths = new LinkedHashSet<>();
        StringBuilder literal = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            if (text.startsWith("\\" + OPEN, at)) {
                literal.append(OPEN);
                at += OPEN.length() + 1;
            } else if (text.startsWith(OPEN, at)) {
                int end = text.indexOf(CLOSE, at);
                if (end < 0) {
                    throw new ExpressionException("'{{' is not closed by '}}'", at);
                }
                flush(literal, parts);
                TemplatePath path = TemplatePath.parse(text, at + OPEN.length(), end);
                parts.add(new Part("", Optional.of(path.root()), path.steps(), whole(path)));
                paths.add(path.toString());
                at = end + CLOSE.length();
            } else {
                literal.append(text.charAt(at++));
            }
        }
        flush(literal, parts);
        return new Template(List.copyOf(parts), Collections.unmodifiableSet(paths));
    }

    /**
     * Parses a path that stands alone, as it would stand in a placeholder.
     *
     * @param text the source, for example {@code value.phone}
     * @return the name it starts from, then {@code String} names and {@code Integer} indices
     * @throws ExpressionException when it is no path
     */
    public static List<Object> path(String text) throws ExpressionException {
        return whole(TemplatePath.parse(text, 0, text.length()));
    }

    private static List<Object> whole(TemplatePath path) {
        List<Object> whole = new ArrayList<>(path.steps().size() + 1);
        whole.add(path.root().text());
        whole.addAll(path.steps());
        return List.copyOf(whole);
    }

    private static void flush(StringBuilder literal, List<Part> parts) {
        if (!literal.isEmpty()) {
            parts.add(new Part(literal.toString(), Optional.empty(), List.of(), List.of()));
            literal.setLength(0);
        }
    }

    /**
     * Fills the placeholders.
     *
     * @param event the event
     * @return the text
     */
    public String render(Event event) {
        return render(event, PLAIN);
    }

    /**
     * Fills the placeholders with values in another form.
     *
     * @param event the event
     * @param form makes of each value's text what is put in its place
     * @return the text
     */
    public String render(Event event, UnaryOperator<String> form) {
        return render(event, (_, value) -> form.apply(text(value)));
    }

    /**
     * Fills the placeholders with what is to be seen of their values.
     *
     * @param event the event
     * @param lens what is to be seen
     * @return the text
     */
    public String render(Event event, Lens lens) {
        if (parts.size() == 1) {
            return render(parts.getFirst(), event, lens);
        }
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(render(part, event, lens));
        }
        return text.toString();
    }

    /**
     * The fields it reads.
     *
     * @return paths as in {@link Condition#paths()}
     */
    public Set<String> paths() {
        return paths;
    }

    private static String render(Part part, Event event, Lens lens) {
        if (part.root().isEmpty()) {
            return part.literal();
        }
        Object value = part.root().get().of(event);
        for (Object step : part.steps()) {
            value = step(value, step);
        }
        return text(lens.show(part.path(), value));
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case String text -> text;
            case Map<?, ?> map -> JsonText.text(map);
            case List<?> list -> JsonText.text(list);
            case Object other -> other.toString();
        };
    }

    private static @Nullable Object step(@Nullable Object value, Object step) {
        if (step instanceof Integer index) {
            return value instanceof List<?> list && index < list.size() ? list.get(index) : null;
        }
        return value instanceof Map<?, ?> map ? map.get(step) : null;
    }
}
