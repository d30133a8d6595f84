package dev.thac.expression;

import dev.thac.event.Event;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The names every expression and template starts from. */
enum Root {
    VALUE {
        @Override
        @Nullable Object of(Event event) {
            return event.value();
        }
    },
    KEY {
        @Override
        @Nullable Object of(Event event) {
            return event.key();
        }
    },
    HEADERS {
        @Override
        Object of(Event event) {
            return event.headers();
        }
    },
    TOPIC {
        @Override
        Object of(Event event) {
            return event.id().topic();
        }
    },
    PARTITION {
        @Override
        Object of(Event event) {
            return (long) event.id().partition();
        }
    },
    OFFSET {
        @Override
        Object of(Event event) {
            return event.id().offset();
        }
    },
    TIMESTAMP {
        @Override
        Object of(Event event) {
            return event.delivery().timestamp();
        }
    },
    ANALYSIS {
        @Override
        Object of(Event event) {
            return event.analysis();
        }
    };

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The value of this root for an event. */
    abstract @Nullable Object of(Event event);

    /** The name as written. */
    String text() {
        return text;
    }

    static Optional<Root> named(String name) {
        for (Root root : values()) {
            if (root.text.equals(name)) {
                return Optional.of(root);
            }
        }
        return Optional.empty();
    }

    static String all() {
        return Arrays.stream(values()).map(Root::text).collect(Collectors.joining(", "));
    }
}
