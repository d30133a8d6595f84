package dev.thac.window;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Sum or mean of numbers. The sum is exact: whole numbers as 64 bits as long as they fit, anything
 * else in decimal, where a {@code double} stands for its shortest decimal. A mean is rounded once,
 * at the end, half to even.
 */
final class SumFigure implements Figure {

    /** Digits of a mean that does not come out even. */
    private static final MathContext MEAN = new MathContext(16, RoundingMode.HALF_EVEN);

    private final Shown shown;
    private long count;
    private long whole;
    private @Nullable BigDecimal rest;

    /** What it shows. */
    enum Shown {
        SUM,
        AVERAGE
    }

    SumFigure(Shown shown) {
        this.shown = shown;
    }

    @Override
    public void add(@Nullable Object value, Input input) {
        Number number = Measure.number(value);
        if (number == null) {
            return;
        }
        count++;
        if (number instanceof Long more) {
            add(more);
        } else {
            addRest(Measure.decimal(number));
        }
    }

    @Override
    public void merge(Figure other) {
        SumFigure more = (SumFigure) other;
        count += more.count;
        add(more.whole);
        BigDecimal theirs = more.rest;
        if (theirs != null) {
            addRest(theirs);
        }
    }

    private void add(long more) {
        long sum = whole + more;
        if (((whole ^ sum) & (more ^ sum)) < 0) {
            addRest(BigDecimal.valueOf(more));
        } else {
            whole = sum;
        }
    }

    private void addRest(BigDecimal more) {
        rest = rest == null ? more : rest.add(more);
    }

    @Override
    public @Nullable Object result() {
        if (shown == Shown.SUM) {
            return rest == null ? (Object) whole : plain(exact());
        }
        return count == 0 ? null : plain(exact().divide(BigDecimal.valueOf(count), MEAN));
    }

    private BigDecimal exact() {
        BigDecimal all = BigDecimal.valueOf(whole);
        return rest == null ? all : all.add(rest);
    }

    /** Without an exponent where it is short without, and without zeros at the end. */
    static Object plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        if (stripped.scale() <= 0 && stripped.precision() - stripped.scale() <= 18) {
            return stripped.longValueExact();
        }
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    @Override
    public void write(PackedWriter out) {
        out.number(count).number(whole).scalar(rest);
    }

    @Override
    public void read(PackedReader in) {
        count = in.number();
        whole = in.number();
        rest = (BigDecimal) in.scalar();
    }
}
