package dev.thac.redact;

import dev.thac.event.Event;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Template;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes personal data out of what is rendered for models. Every text that a placeholder shows, at
 * any depth of the objects it renders, is looked through before it is rendered, so that nothing
 * hides in the escapes of JSON; numbers are looked at for cards only, since amounts are numbers
 * too. What is found is replaced by its kind in brackets, for example {@code [email]}; a field by
 * its last name.
 *
 * <p>Immutable and thread-safe.
 */
public final class Redactor {

    /** Takes out nothing. */
    public static final Redactor NONE =
            new Redactor(FieldTree.EMPTY, new Detectors(List.of(), Map.of()), false);

    private final FieldTree fields;
    private final Detectors detectors;
    private final boolean active;

    private Redactor(FieldTree fields, Detectors detectors, boolean active) {
        this.fields = fields;
        this.detectors = detectors;
        this.active = active;
    }

    /**
     * Compiles a declaration.
     *
     * @param spec what is to be taken out; empty: nothing
     * @return the redactor
     * @throws ExpressionException when one of the fields is no path
     * @throws IllegalArgumentException when a regular expression is none, or matches nothing at all
     */
    public static Redactor of(Optional<RedactSpec> spec) throws ExpressionException {
        return spec.isEmpty() ? NONE : of(spec.get());
    }

    private static Redactor of(RedactSpec spec) throws ExpressionException {
        List<List<Object>> paths = new ArrayList<>(spec.fields().size());
        for (String field : spec.fields()) {
            paths.add(Template.path(field));
        }
        return new Redactor(FieldTree.of(paths), new Detectors(spec.kinds(), spec.custom()), true);
    }

    /**
     * What placeholders show of one event.
     *
     * @param event the event
     * @return shows all but personal data
     */
    public Template.Lens lens(Event event) {
        if (!active) {
            return Template.PLAIN;
        }
        List<String> texts = fields.texts(event);
        return (path, value) -> show(fields.down(path), value, texts);
    }

    private @Nullable Object show(
            FieldTree.Place place, @Nullable Object value, List<String> texts) {
        if (value == null) {
            return null;
        }
        if (place.field() != null) {
            return "[" + place.field() + "]";
        }
        return switch (value) {
            case String text -> clean(text, texts);
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> shown = LinkedHashMap.newLinkedHashMap(map.size());
                map.forEach(
                        (name, member) ->
                                shown.put(
                                        clean((String) name, texts),
                                        show(place.member((String) name), member, texts)));
                yield shown;
            }
            case List<?> list -> {
                List<@Nullable Object> shown = new ArrayList<>(list.size());
                for (int i = 0; i < list.size(); i++) {
                    shown.add(show(place.element(i), list.get(i), texts));
                }
                yield shown;
            }
            case Long number when detectors.isCard(number.toString()) -> Detectors.CARD;
            case BigInteger number when detectors.isCard(number.toString()) -> Detectors.CARD;
            default -> value;
        };
    }

    private String clean(String text, List<String> texts) {
        String clean = text;
        for (String personal : texts) {
            clean = withoutWord(clean, personal);
        }
        return detectors.clean(clean);
    }

    /** Replaces whole words, in whatever case they are written. */
    private static String withoutWord(String text, String word) {
        int length = word.length();
        StringBuilder clean = null;
        int from = 0;
        for (int at = 0; at + length <= text.length(); at++) {
            if (text.regionMatches(true, at, word, 0, length)
                    && !isWord(text, at - 1)
                    && !isWord(text, at + length)) {
                clean = clean == null ? new StringBuilder(text.length()) : clean;
                clean.append(text, from, at).append("[redacted]");
                from = at + length;
                at = from - 1;
            }
        }
        return clean == null ? text : clean.append(text, from, text.length()).toString();
    }

    private static boolean isWord(String text, int at) {
        return at >= 0 && at < text.length() && Character.isLetterOrDigit(text.charAt(at));
    }
}
