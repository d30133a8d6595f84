package dev.thac.observe;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a signal is measured in, and how a threshold for it is written. */
sealed interface Unit {

    /** Time, in seconds. */
    Unit SECONDS = new Scaled("a duration", "300s or 5m", "([0-9]+)(ms|s|m|h|d)", "s");

    /** A number of things. */
    Unit COUNT = new Scaled("a number", "100", "([0-9]+(?:\\.[0-9]+)?)()", "");

    /** So many a minute. */
    Unit PER_MINUTE =
            new Scaled("a rate", "5/min", "([0-9]+(?:\\.[0-9]+)?)(/s|/min|/h|/day)", "/min");

    /** A share, 1 for all. */
    Unit SHARE = new Scaled("a share", "5%", "([0-9]+(?:\\.[0-9]+)?)(%?)", "%");

    /** A confidence from 0 to 1. */
    Unit CONFIDENCE = new Scaled("a confidence", "0.6", "(0(?:\\.[0-9]+)?|1(?:\\.0+)?)()", "");

    /**
     * Reads a threshold.
     *
     * @param text as written
     * @return its value in the base unit; empty when it is none
     */
    OptionalDouble read(String text);

    /**
     * Says a figure for people.
     *
     * @param figure in the base unit
     * @return for example {@code 412 s}
     */
    String say(double figure);

    /** What a threshold is, with its article. */
    String noun();

    /** How one is written. */
    String example();

    /**
     * Figures on a scale.
     *
     * @param noun what a threshold is
     * @param example how one is written
     * @param grammar a number and its suffix
     * @param suffix of figures that are said
     */
    record Scaled(String noun, String example, String grammar, String suffix) implements Unit {

        @Override
        public OptionalDouble read(String text) {
            Matcher matcher = Pattern.compile(grammar).matcher(text);
            return matcher.matches()
                    ? OptionalDouble.of(
                            Double.parseDouble(matcher.group(1)) * factor(matcher.group(2)))
                    : OptionalDouble.empty();
        }

        private static double factor(String written) {
            return switch (written) {
                case "ms" -> 0.001;
                case "m", "/s" -> 60;
                case "h" -> 3_600;
                case "d" -> 86_400;
                case "/h" -> 1 / 60.0;
                case "/day" -> 1 / 1_440.0;
                case "%" -> 0.01;
                default -> 1;
            };
        }

        @Override
        public String say(double figure) {
            double shown = suffix.equals("%") ? figure * 100 : figure;
            boolean whole = shown == Math.rint(shown) || Math.abs(shown) >= 1_000;
            return String.format(Locale.ROOT, whole ? "%.0f" : "%.2f", shown)
                    + (suffix.equals("s") ? " s" : suffix);
        }
    }

    /**
     * Figures that are states, 0 for the first.
     *
     * @param words the states, the worst last
     */
    record States(List<String> words) implements Unit {
        public States {
            words = List.copyOf(words);
        }

        @Override
        public OptionalDouble read(String text) {
            int state = words.indexOf(text);
            return state < 0 ? OptionalDouble.empty() : OptionalDouble.of(state);
        }

        @Override
        public String say(double figure) {
            int state = (int) Math.rint(figure);
            return state >= 0 && state < words.size() ? words.get(state) : String.valueOf(figure);
        }

        @Override
        public String noun() {
            return "a state";
        }

        @Override
        public String example() {
            return String.join(", ", words);
        }
    }
}
