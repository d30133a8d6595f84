package dev.thac.observe;

import java.util.Arrays;
import java.util.Optional;

/** How a figure is compared with a threshold. */
public enum Comparison {
    /** More. */
    GREATER(">"),
    /** As much or more. */
    AT_LEAST(">="),
    /** Less. */
    LESS("<"),
    /** As much or less. */
    AT_MOST("<="),
    /** The same; for states. */
    EQUAL("==");

    private final String sign;

    Comparison(String sign) {
        this.sign = sign;
    }

    /**
     * As it is written, here and in Prometheus.
     *
     * @return for example {@code >=}
     */
    public String sign() {
        return sign;
    }

    static Optional<Comparison> of(String sign) {
        return Arrays.stream(values()).filter(each -> each.sign.equals(sign)).findFirst();
    }

    /** Whether it holds; never for a figure that is not known ({@code NaN}). */
    boolean holds(double figure, double threshold) {
        return switch (this) {
            case GREATER -> figure > threshold;
            case AT_LEAST -> figure >= threshold;
            case LESS -> figure < threshold;
            case AT_MOST -> figure <= threshold;
            case EQUAL -> figure == threshold;
        };
    }
}
