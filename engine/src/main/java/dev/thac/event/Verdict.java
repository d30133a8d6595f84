package dev.thac.event;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One analysis' answer for one event, and how it came about.
 *
 * @param analysis the analysis' name
 * @param result the answer or the failure
 * @param tier the tier that decided: {@code rules}, {@code cache}, {@code learned}, or the model's
 *     name in the file
 * @param model the provider's model id, where a model decided
 * @param confidence the confidence that was compared, where there is one
 * @param reason why it stopped here, for example {@code rule 3} or {@code confidence 0.91 >= 0.70}
 * @param usage tokens of all calls made for this event in this analysis (its share of shared calls)
 * @param cost their price
 * @param calls model calls this event took part in
 * @param attempts how often the whole cascade's last tier was tried for it; 1 where nothing failed
 * @param prompt hash of the instructions, answer schema, model and input template that decided, 16
 *     hex digits; empty where no model decided
 */
public record Verdict(
        String analysis,
        Result result,
        String tier,
        Optional<String> model,
        OptionalDouble confidence,
        String reason,
        TokenUsage usage,
        Money cost,
        int calls,
        int attempts,
        String prompt) {

    /** The answer, or why there is none. */
    public sealed interface Result {
        /**
         * A valid answer.
         *
         * @param fields field name to value, as the output schema declares; must not be changed
         */
        record Answered(Map<String, Object> fields) implements Result {}

        /**
         * No answer.
         *
         * @param failure why
         */
        record Unanswered(Failure failure) implements Result {}
    }
}
