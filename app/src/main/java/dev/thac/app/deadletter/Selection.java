package dev.thac.app.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which dead letters are meant: those for which every given condition holds.
 *
 * @param pipeline of which pipeline
 * @param reasons one of these; empty: any
 * @param stages one of these; empty: any
 * @param ids one of these, see {@link DeadLetter#hasId}; empty: any
 * @param keys one of these as the record's key; empty: any
 * @param since that failed then or later
 * @param until that failed before then
 */
public record Selection(
        Optional<String> pipeline,
        List<String> reasons,
        List<String> stages,
        List<String> ids,
        List<String> keys,
        Optional<Instant> since,
        Optional<Instant> until) {

    /** Copies the lists. */
    public Selection {
        reasons = List.copyOf(reasons);
        stages = List.copyOf(stages);
        ids = List.copyOf(ids);
        keys = List.copyOf(keys);
    }

    /**
     * Whether a dead letter is meant.
     *
     * @param letter the dead letter
     * @return true when it is
     */
    public boolean holds(DeadLetter letter) {
        return pipeline.filter(name -> !name.equals(letter.pipeline())).isEmpty()
                && (reasons.isEmpty() || reasons.contains(letter.reason()))
                && (stages.isEmpty() || stages.contains(letter.stage()))
                && (ids.isEmpty() || ids.stream().anyMatch(letter::hasId))
                && (keys.isEmpty() || keys.stream().anyMatch(key -> hasKey(letter, key)))
                && since.filter(time -> letter.failedAt().isBefore(time)).isEmpty()
                && until.filter(time -> !letter.failedAt().isBefore(time)).isEmpty();
    }

    private static boolean hasKey(DeadLetter letter, String key) {
        return Arrays.equals(letter.record().key(), key.getBytes(StandardCharsets.UTF_8));
    }
}
