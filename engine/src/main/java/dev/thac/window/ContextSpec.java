package dev.thac.window;

import dev.thac.spec.CelText;
import dev.thac.spec.Key;

import java.util.Map;
import java.util.Optional;

/**
 * History and counts per key placed beside each event. The keys are described by their {@link Key}
 * annotations.
 */
public record ContextSpec(
        @Key("What history belongs together, for example value.customer.") CelText key,
        @Key("How many earlier events are kept.") Optional<Integer> last,
        @Key("Rolling counts and sums by name.") Map<String, ContextMeasureSpec> measures) {}
