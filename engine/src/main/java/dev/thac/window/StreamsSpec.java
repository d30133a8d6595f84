package dev.thac.window;

import dev.thac.spec.Key;

import java.util.Optional;

/**
 * How what keeps state by Kafka Streams runs: windows, joins, context, tables; each is an
 * application of its own. The keys are described by their {@link Key} annotations.
 */
public record StreamsSpec(
        @Key(
                        value =
                                "Threads in this process for the windows, as many for the joins"
                                        + " and for the context.",
                        orElse = "1",
                        min = 1,
                        max = 64)
                int threads,
        @Key(
                        value =
                                "Copies of the state kept warm on as many other instances, so that"
                                        + " one of them goes on at once where an instance ends."
                                        + " Tables are on every instance anyway.",
                        orElse = "0",
                        min = 0,
                        max = 3)
                int standbys,
        @Key(
                        value =
                                "Folder of the state, of this instance alone, made when missing."
                                    + " Left out: below the machine's temporary folder. It may be"
                                    + " lost: state is read back from its topics then.",
                        example = "/var/lib/thac")
                Optional<String> stateDir) {}
