package dev.thac.plan;

/**
 * Tokens of a call that carries several events.
 *
 * @param perCall once for each call
 * @param perItem for each event in it
 */
public record Tokens(double perCall, double perItem) {

    /** None at all. */
    public static final Tokens NONE = new Tokens(0, 0);

    /**
     * The tokens of calls.
     *
     * @param calls how many
     * @param items events in all of them
     * @return the sum
     */
    double of(double calls, double items) {
        return perCall * calls + perItem * items;
    }

    Tokens plus(Tokens other) {
        return new Tokens(perCall + other.perCall, perItem + other.perItem);
    }

    Tokens minus(Tokens other) {
        return new Tokens(
                Math.max(0, perCall - other.perCall), Math.max(0, perItem - other.perItem));
    }
}
