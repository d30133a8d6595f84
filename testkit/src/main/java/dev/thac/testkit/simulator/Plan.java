package dev.thac.testkit.simulator;

import java.time.Duration;
import java.util.Optional;

/**
 * What will be done with one call.
 *
 * @param latency from its arrival
 * @param fault what goes wrong, if anything
 * @param reply what a script wants, if anything
 */
record Plan(Duration latency, Optional<Fault> fault, Optional<Reply> reply) {

    /** Takes a script's wish apart. */
    static Plan of(Reply reply, Duration latency) {
        return switch (reply) {
            case Reply.Delayed delayed -> of(delayed.reply(), delayed.latency());
            case Reply.Faulty faulty ->
                    new Plan(latency, Optional.of(faulty.fault()), Optional.empty());
            case Reply.Normal _ -> new Plan(latency, Optional.empty(), Optional.empty());
            case Reply.Raw raw -> new Plan(latency, Optional.empty(), Optional.of(raw));
            case Reply.Says says -> new Plan(latency, Optional.empty(), Optional.of(says));
            case Reply.Edited edited -> new Plan(latency, Optional.empty(), Optional.of(edited));
        };
    }
}
