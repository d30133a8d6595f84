package dev.thac.window;

/** How a topology's outputs, state and offsets are made durable. */
public enum StreamsDelivery {
    /** In one transaction. */
    EXACTLY_ONCE("exactly_once_v2"),
    /** Outputs and state first, offsets after. */
    AT_LEAST_ONCE("at_least_once");

    private final String guarantee;

    StreamsDelivery(String guarantee) {
        this.guarantee = guarantee;
    }

    /** The value of {@code processing.guarantee}. */
    String guarantee() {
        return guarantee;
    }
}
