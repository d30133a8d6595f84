package dev.thac.testkit.simulator;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which share of the calls goes wrong in which way.
 *
 * @param shares from 0 to 1 each, at most 1 together
 */
public record ErrorMix(Map<Fault, Double> shares) {

    /** Nothing goes wrong. */
    public static final ErrorMix NONE = new ErrorMix(Map.of());

    private static final double ROUNDING = 1e-9;

    /** Checks the shares and copies them. */
    public ErrorMix {
        double sum = 0;
        for (Map.Entry<Fault, Double> share : shares.entrySet()) {
            if (!(share.getValue() >= 0 && share.getValue() <= 1)) {
                throw new IllegalArgumentException(
                        "the share of "
                                + share.getKey().spelling()
                                + " must be 0 to 1, not "
                                + share.getValue());
            }
            sum += share.getValue();
        }
        if (sum > 1 + ROUNDING) {
            throw new IllegalArgumentException("the shares of errors add up to " + sum + " > 1");
        }
        shares = Map.copyOf(shares);
    }

    /**
     * Reads {@code 429:0.01,hang:0.001}; an empty text or {@code none} is no fault.
     *
     * @throws IllegalArgumentException saying what is expected
     */
    public static ErrorMix parse(String text) {
        if (text.isBlank() || text.trim().equals("none")) {
            return NONE;
        }
        Map<Fault, Double> shares = new EnumMap<>(Fault.class);
        for (String part : text.split(",", -1)) {
            String[] pair = part.split(":", -1);
            if (pair.length != 2) {
                throw new IllegalArgumentException(
                        "errors must look like 429:0.01,hang:0.001, not " + text);
            }
            try {
                shares.put(Fault.parse(pair[0]), Double.valueOf(pair[1].trim()));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "the share of " + pair[0] + " is no number: " + pair[1], e);
            }
        }
        return new ErrorMix(shares);
    }

    /** The fault for a uniform random number from 0 (inclusive) to 1 (exclusive). */
    Optional<Fault> draw(double random) {
        double upTo = 0;
        for (Fault fault : Fault.values()) {
            upTo += shares.getOrDefault(fault, 0.0);
            if (random < upTo) {
                return Optional.of(fault);
            }
        }
        return Optional.empty();
    }
}
