package dev.thac.expression;

import dev.thac.event.Event;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    },
    /** Of a window's conditions only: the event is the window, its value the output. */
    MEASURES {
        @Override
        @Nullable Object of(Event event) {
            return event.value();
        }
    },
    /** Of a window's conditions only: where the window lies. */
    WINDOW {
        @Override
        @Nullable Object of(Event event) {
            return event.value() instanceof Map<?, ?> output ? output.get("window") : null;
        }
    };

    private static final Set<Root> WINDOWS = EnumSet.of(MEASURES, WINDOW);
    private static final Set<Root> WINDOW_CONDITION = EnumSet.of(MEASURES, WINDOW, KEY);

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

    /** Those of expressions and templates about events. */
    static Set<Root> ofEvents() {
        return EnumSet.complementOf(EnumSet.copyOf(WINDOWS));
    }

    /** Those of conditions about windows. */
    static Set<Root> ofWindows() {
        return Collections.unmodifiableSet(WINDOW_CONDITION);
    }

    static String all(Set<Root> roots) {
        return roots.stream().map(Root::text).collect(Collectors.joining(", "));
    }
}
