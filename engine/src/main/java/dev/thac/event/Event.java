package dev.thac.event;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A decoded record: what filters, expressions and templates see. Values are plain trees: {@code
 * Map<String, Object>} (in document order), {@code List<Object>}, {@code String}, {@code Long},
 * {@code Double}, {@code BigInteger} and {@code BigDecimal} (where a {@code Long} or {@code Double}
 * would lose digits), {@code Boolean} and {@code null}.
 *
 * <p>An event belongs to one thread at a time; {@code with…} methods return copies that share the
 * delivery. Trees handed out must not be changed.
 */
public final class Event {

    private final Delivery delivery;
    private final @Nullable Object value;
    private final Map<String, Object> derived;

    /** A derived member has the name of one that was there before. */
    private final boolean replacing;

    private final Map<String, Object> analysis;
    private @Nullable String key;
    private @Nullable Map<String, Object> headers;

    /**
     * An event with nothing derived and nothing judged yet.
     *
     * @param delivery the record
     * @param value its decoded value
     */
    public Event(Delivery delivery, @Nullable Object value) {
        this(delivery, value, Map.of(), false, Map.of());
    }

    private Event(
            Delivery delivery,
            @Nullable Object value,
            Map<String, Object> derived,
            boolean replacing,
            Map<String, Object> analysis) {
        this.delivery = delivery;
        this.value = value;
        this.derived = derived;
        this.replacing = replacing;
        this.analysis = analysis;
    }

    /**
     * The same event with members added to its value by {@code derive} or {@code enrich}. The value
     * must be a map.
     *
     * @param members names and values; they win over members of the same name; not copied, and not
     *     to be changed any more
     * @return the copy
     * @throws IllegalStateException when the value is no map
     */
    public Event withDerived(Map<String, Object> members) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalStateException(
                    "the value of " + id() + " is no object: nothing can be derived into it");
        }
        OverlaidMap merged = over(map, members);
        Map<String, Object> allDerived = members;
        if (!derived.isEmpty()) {
            allDerived = new LinkedHashMap<>(derived);
            allDerived.putAll(members);
        }
        return new Event(delivery, merged, allDerived, replacing || merged.replaces(), analysis);
    }

    @SuppressWarnings("unchecked") // objects have names
    private static OverlaidMap over(Map<?, ?> map, Map<String, ?> members) {
        return new OverlaidMap(
                (Map<String, @Nullable Object>) map, (Map<String, @Nullable Object>) members);
    }

    /**
     * The same event with something placed beside the members of its value that does not belong to
     * it: outputs leave it out. The value must be a map.
     *
     * @param name the member's name; it wins over one of the same name
     * @param tree what is placed there
     * @return the copy
     * @throws IllegalStateException when the value is no map
     */
    public Event withBeside(String name, Object tree) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalStateException(
                    "the value of " + id() + " is no object: nothing can be placed beside it");
        }
        return new Event(delivery, over(map, Map.of(name, tree)), derived, replacing, analysis);
    }

    /**
     * The same event with its answers.
     *
     * @param answers analysis name to its fields
     * @return the copy
     */
    public Event withAnalysis(Map<String, Object> answers) {
        return new Event(delivery, value, derived, replacing, answers);
    }

    /**
     * The record this event was decoded from.
     *
     * @return the delivery
     */
    public Delivery delivery() {
        return delivery;
    }

    /**
     * The original coordinates.
     *
     * @return the identity
     */
    public RecordId id() {
        return delivery.id();
    }

    /**
     * The decoded value, derived members included.
     *
     * @return a tree, see the class comment
     */
    public @Nullable Object value() {
        return value;
    }

    /**
     * Whether a derived member has the name of one that the value had before; outputs then leave
     * the former one out.
     *
     * @return false where members were only added
     */
    public boolean replacing() {
        return replacing;
    }

    /**
     * Only the members added by {@code derive} and {@code enrich}.
     *
     * @return name to value, in the order they were added
     */
    public Map<String, Object> derived() {
        return derived;
    }

    /**
     * The answers so far.
     *
     * @return analysis name to its fields; empty before the cascade
     */
    public Map<String, Object> analysis() {
        return analysis;
    }

    /**
     * The key as UTF-8 text.
     *
     * @return the text, or {@code null} where the record has no key
     */
    public @Nullable String key() {
        byte[] bytes = delivery.key();
        if (key == null && bytes != null) {
            key = new String(bytes, StandardCharsets.UTF_8);
        }
        return key;
    }

    /**
     * The headers as UTF-8 text.
     *
     * @return name to {@code String}, or to {@code List<String>} where the name repeats
     */
    public Map<String, Object> headers() {
        Map<String, Object> known = headers;
        if (known == null) {
            known = textHeaders(delivery.headers());
            headers = known;
        }
        return known;
    }

    private static Map<String, Object> textHeaders(List<Header> headers) {
        if (headers.isEmpty()) {
            return Map.of();
        }
        Map<String, Object> texts = new LinkedHashMap<>();
        for (Header header : headers) {
            texts.merge(header.key(), header.text(), Event::append);
        }
        return texts;
    }

    private static Object append(Object before, Object next) {
        List<Object> all = new ArrayList<>();
        if (before instanceof List<?> list) {
            all.addAll(list);
        } else {
            all.add(before);
        }
        all.add(next);
        return all;
    }
}
