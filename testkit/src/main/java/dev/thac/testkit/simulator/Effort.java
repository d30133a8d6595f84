package dev.thac.testkit.simulator;

/**
 * How many thinking tokens an effort costs. Real models vary widely; these are round figures in the
 * order of magnitude that short classification tasks show.
 */
final class Effort {

    private Effort() {}

    /**
     * The thinking tokens of a call.
     *
     * @param effort as in the request, or the model's default
     * @param items in the call
     */
    static long thinkingTokens(String effort, int items) {
        return switch (effort) {
            case "medium" -> 60 + 12L * items;
            case "high" -> 150 + 30L * items;
            case "xhigh" -> 300 + 60L * items;
            case "max" -> 600 + 120L * items;
            default -> 0;
        };
    }
}
