package dev.thac.filter;

import dev.thac.event.Event;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The top-level fields of what patterns see. */
enum Source {
    VALUE,
    KEY,
    HEADERS,
    TOPIC,
    PARTITION,
    OFFSET,
    TIMESTAMP;

    /** The name as written. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Source::text).toList();
    }

    /** The field of a name from {@link #names}. */
    static Source named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    @Nullable Object of(Event event) {
        return switch (this) {
            case VALUE -> event.value();
            case KEY -> event.key();
            case HEADERS -> event.headers();
            case TOPIC -> event.id().topic();
            case PARTITION -> (long) event.id().partition();
            case OFFSET -> event.id().offset();
            case TIMESTAMP -> event.delivery().timestamp();
        };
    }

    /** A record without a key has no field {@code key}. */
    boolean absent(@Nullable Object value) {
        return this == KEY && value == null;
    }
}
