package dev.thac.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What was asked for on the command line.
 *
 * @param name the benchmark
 * @param values option name without hyphens to its value; {@code true} for flags
 */
record Options(String name, Map<String, String> values) {

    private static final Set<String> FLAGS = Set.of("profile", "strict", "no-delays");
    private static final Set<String> VALUED =
            Set.of(
                    "events",
                    "partitions",
                    "latency",
                    "batch",
                    "in-flight",
                    "wait",
                    "timeout",
                    "stuck-percent",
                    "seconds",
                    "heap",
                    "open",
                    "delay-seconds",
                    "rounds",
                    "warmup",
                    "rows",
                    "seed",
                    "results");

    Options {
        values = Map.copyOf(values);
    }

    /** The command line cannot be understood. */
    static final class UsageException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    /**
     * Reads a command line.
     *
     * @throws UsageException when an option is unknown or lacks its value
     */
    static Options parse(List<String> args) {
        if (args.isEmpty() || args.getFirst().startsWith("-")) {
            throw new UsageException("which benchmark?");
        }
        Map<String, String> values = new HashMap<>();
        int next = 1;
        while (next < args.size()) {
            String arg = args.get(next);
            String option = arg.startsWith("--") ? arg.substring(2) : "";
            if (FLAGS.contains(option)) {
                values.put(option, "true");
                next++;
            } else if (VALUED.contains(option) && next + 1 < args.size()) {
                values.put(option, args.get(next + 1));
                next += 2;
            } else {
                throw new UsageException(
                        VALUED.contains(option) ? arg + " needs a value" : "unknown option " + arg);
            }
        }
        return new Options(args.getFirst(), values);
    }

    /** The same with a value for an option that was not given. */
    Options orElse(String option, String value) {
        Map<String, String> more = new HashMap<>(values);
        more.putIfAbsent(option, value);
        return new Options(name, more);
    }

    Optional<String> text(String option) {
        return Optional.ofNullable(values.get(option));
    }

    /** A whole number; underscores may group its digits. */
    int number(String option, int orElse) {
        String text = values.get(option);
        if (text == null) {
            return orElse;
        }
        try {
            return Integer.parseInt(text.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new UsageException("--" + option + " needs a whole number, not " + text);
        }
    }

    int rounds() {
        return number("rounds", 3);
    }

    int warmup() {
        return number("warmup", 1);
    }

    boolean profile() {
        return values.containsKey("profile");
    }

    boolean delays() {
        return !values.containsKey("no-delays");
    }

    boolean strict() {
        return values.containsKey("strict");
    }

    Path results() {
        return Path.of(values.getOrDefault("results", "bench/results"));
    }

    /** Whether a row was asked for by {@code --rows}; without that option all are. */
    boolean wants(String row) {
        String rows = values.get("rows");
        if (rows == null) {
            return true;
        }
        for (String part : rows.split(",", -1)) {
            if (row.contains(part.strip())) {
                return true;
            }
        }
        return false;
    }
}
