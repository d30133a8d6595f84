package dev.thac.decode;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** JSON numbers as the narrowest type that keeps every digit. */
final class JsonNumber {

    /** As many decimal digits always fit into a {@code long}. */
    static final int SAFE_DIGITS = 18;

    /** As many significant digits always survive the way through a {@code double} and back. */
    static final int EXACT_DIGITS = 15;

    private static final int MAX_LENGTH = 1000;

    /** Powers of ten that a {@code double} holds exactly. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private JsonNumber() {}

    /**
     * A decimal of at most {@link #EXACT_DIGITS} digits: both operands are exact doubles, so the
     * one division rounds correctly (W. Clinger, How to read floating point numbers accurately,
     * 1990).
     */
    static double decimal(boolean negative, long digits, int decimals) {
        double magnitude = digits / POWERS[decimals];
        return negative ? -magnitude : magnitude;
    }

    /** A whole number of more than {@link #SAFE_DIGITS} digits. */
    static Object whole(byte[] bytes, int start, int end) throws MalformedException {
        BigInteger number = new BigInteger(text(bytes, start, end));
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }

    /** Any number with a decimal point or an exponent. */
    static Object any(byte[] bytes, int start, int end) throws MalformedException {
        String text = text(bytes, start, end);
        try {
            BigDecimal exact = new BigDecimal(text);
            double rounded = Double.parseDouble(text);
            boolean same =
                    Double.isFinite(rounded) && BigDecimal.valueOf(rounded).compareTo(exact) == 0;
            return same ? (Object) rounded : exact;
        } catch (NumberFormatException _) {
            throw new MalformedException("the exponent is out of range", start);
        }
    }

    private static String text(byte[] bytes, int start, int end) throws MalformedException {
        if (end - start > MAX_LENGTH) {
            throw new MalformedException("a number longer than " + MAX_LENGTH, start);
        }
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
