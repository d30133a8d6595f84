package dev.thac.model;

/**
 * Foresees the tokens of calls, to reserve them from the rates: the estimate of the input times
 * what providers counted for earlier estimates, and the output per item of earlier calls. Both are
 * moving averages; before the first answer a call is expected to use all the output it may.
 * Thread-safe.
 */
final class TokenForecast {

    private static final double WEIGHT = 0.1;
    private static final double MOST_CORRECTION = 4;

    private final int maxOutputTokens;
    private double inputPerEstimate = 1;
    private double outputPerItem = -1;

    TokenForecast(int maxOutputTokens) {
        this.maxOutputTokens = maxOutputTokens;
    }

    synchronized double input(ModelRequest request) {
        return TokenEstimate.of(request) * inputPerEstimate;
    }

    synchronized double output(ModelRequest request) {
        return outputPerItem < 0
                ? maxOutputTokens
                : Math.min(maxOutputTokens, outputPerItem * Math.max(1, request.items()));
    }

    synchronized void learn(ModelRequest request, long input, long output) {
        double ratio = (double) input / TokenEstimate.of(request);
        double bounded = Math.clamp(ratio, 1 / MOST_CORRECTION, MOST_CORRECTION);
        inputPerEstimate += WEIGHT * (bounded - inputPerEstimate);
        double perItem = (double) output / Math.max(1, request.items());
        outputPerItem =
                outputPerItem < 0 ? perItem : outputPerItem + WEIGHT * (perItem - outputPerItem);
    }
}
