package dev.thac.cascade;

import dev.thac.event.Delivery;
import dev.thac.event.Money;
import dev.thac.event.RecordId;
import dev.thac.event.TokenUsage;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Remembers answers that models gave, so that none is bought twice. Thread-safe; no method may
 * block.
 */
public interface Answers {

    /** Remembers nothing. */
    Answers NONE =
            new Answers() {
                @Override
                public Optional<Answer> find(Asked asked) {
                    return Optional.empty();
                }

                @Override
                public void keep(Asked asked, Answer answer) {}

                @Override
                public void settled(Delivery event) {}
            };

    /**
     * What was asked: the same again must have the same answer.
     *
     * @param event the event's original coordinates
     * @param pass the event's pass through the pipeline: n after its nth retry topic
     * @param analysis the analysis' name
     * @param tier the model's name in the file
     * @param prompt hash of what the model was told, as {@code Verdict.prompt}
     */
    record Asked(RecordId event, int pass, String analysis, String tier, String prompt) {}

    /**
     * A valid answer, sure enough or not.
     *
     * @param fields the output fields
     * @param confidence as the model stated it, where it was asked
     * @param model the name in the file of the model that answered: another than the tier's when
     *     its fallback stepped in
     * @param usage tokens spent on it: the event's share of all calls on this tier, those without a
     *     usable answer included
     * @param cost their price
     * @param calls how many calls these were
     */
    record Answer(
            Map<String, Object> fields,
            OptionalDouble confidence,
            String model,
            TokenUsage usage,
            Money cost,
            int calls) {}

    /**
     * Looks for an answer.
     *
     * @param asked what would be asked
     * @return the answer, where it was given before
     */
    Optional<Answer> find(Asked asked);

    /**
     * An answer was given; nothing else was done with it yet.
     *
     * @param asked what was asked
     * @param answer the answer
     */
    void keep(Asked asked, Answer answer);

    /**
     * An event has its outcome and will not be asked about again.
     *
     * @param event the event as it came
     */
    void settled(Delivery event);
}
