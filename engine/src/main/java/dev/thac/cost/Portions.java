package dev.thac.cost;

import dev.thac.event.Money;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Splits an amount over the kinds of tokens in whole nano-dollars that add up to it exactly. */
final class Portions {

    private Portions() {}

    /** A kind and what was lost when its portion was rounded down. */
    private record Rest(TokenKind kind, BigInteger lost) {}

    /**
     * Splits in proportion to weights: every portion is rounded down, what is left over goes to the
     * largest fractions, one nano-dollar each.
     *
     * @param whole what is split; not negative
     * @param weights of every kind; not negative. Where all are zero, everything is {@link
     *     TokenKind#INPUT}
     * @return an amount for every kind
     */
    static Map<TokenKind, Money> of(Money whole, Function<TokenKind, BigInteger> weights) {
        Map<TokenKind, Money> portions = new EnumMap<>(TokenKind.class);
        BigInteger sum = BigInteger.ZERO;
        for (TokenKind kind : TokenKind.values()) {
            portions.put(kind, Money.ZERO);
            sum = sum.add(weights.apply(kind));
        }
        if (sum.signum() == 0) {
            portions.put(TokenKind.INPUT, whole);
            return portions;
        }
        BigInteger amount = BigInteger.valueOf(whole.nanos());
        long left = whole.nanos();
        List<Rest> rests = new ArrayList<>();
        for (TokenKind kind : TokenKind.values()) {
            BigInteger[] parts = amount.multiply(weights.apply(kind)).divideAndRemainder(sum);
            long portion = parts[0].longValueExact();
            portions.put(kind, new Money(portion));
            left -= portion;
            rests.add(new Rest(kind, parts[1]));
        }
        rests.sort(Comparator.comparing(Rest::lost).reversed());
        for (int i = 0; i < left; i++) {
            portions.merge(rests.get(i).kind(), new Money(1), Money::plus);
        }
        return portions;
    }
}
