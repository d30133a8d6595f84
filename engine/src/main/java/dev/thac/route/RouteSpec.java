package dev.thac.route;

import dev.thac.decode.Format;
import dev.thac.spec.CelText;
import dev.thac.spec.Key;
import dev.thac.spec.NotYet;
import dev.thac.spec.TemplateText;

import java.util.Map;
import java.util.Optional;

/**
 * One output topic. Every route whose condition holds gets the event. The keys are described by
 * their {@link Key} annotations.
 */
public record RouteSpec(
        @Key(value = "The output topic.", example = "reviews.analyzed") String to,
        @Key("Condition; left out: always.") Optional<CelText> when,
        @Key(value = "Takes the events that no other route took.", orElse = "false")
                boolean otherwise,
        @Key("The output key. Left out: the key of the source record.") Optional<CelText> key,
        @Key("Headers to add: name to text with placeholders.") Map<String, TemplateText> headers,
        @Key(
                        value =
                                "The output partition. A plain number is that partition; a computed"
                                        + " one is taken modulo the partitions of the topic; a text"
                                        + " gets the partition that Kafka gives such a key. Left"
                                        + " out: the output key decides.",
                        example = "value.city")
                Optional<CelText> partition,
        @Key(value = "event or verdict.", orElse = "event") Emit emit,
        @NotYet @Key("Another encoding of the output.") Optional<Format> format) {

    /**
     * The partition where it is a plain number.
     *
     * @return the number, if it is one and not computed
     */
    public Optional<Integer> fixedPartition() {
        return partition
                .map(CelText::text)
                .filter(text -> text.strip().matches("\\d{1,9}"))
                .map(text -> Integer.valueOf(text.strip()));
    }
}
