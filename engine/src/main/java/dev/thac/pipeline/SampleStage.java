package dev.thac.pipeline;

import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.JsonText;
import dev.thac.event.Outcome;
import dev.thac.expression.EvaluationException;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.expression.Formula;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;

/**
 * Lets a share of the events through and ends the others. The choice hangs on the event alone, so
 * that replays, restarts and other instances choose alike; an event that comes back through a retry
 * topic was chosen before and stays chosen, whatever the file says by then.
 */
final class SampleStage implements Stage {

    private static final String NAME = "sample";
    private static final String HEADER = "thac.sample";
    private static final String STRATUM = "thac.sample.stratum";

    private final Coin coin;
    private final Header share;
    private final @Nullable Formula by;
    private final @Nullable Formula stratify;

    SampleStage(String pipeline, SampleSpec spec) throws ExpressionException {
        double ratio = spec.share().ratio();
        this.coin = new Coin(pipeline, ratio);
        this.share =
                Header.text(HEADER, BigDecimal.valueOf(ratio).stripTrailingZeros().toPlainString());
        this.by = spec.by().isPresent() ? Expressions.formula(spec.by().get().text()) : null;
        this.stratify =
                spec.stratify().isPresent()
                        ? Expressions.formula(spec.stratify().get().text())
                        : null;
    }

    @Override
    public Progress decide(OpenEvent open) {
        Event event = open.event();
        @Nullable String stratum;
        @Nullable String text;
        try {
            stratum = stratify == null ? null : text(stratify.apply(event));
            text = by == null ? null : text(by.apply(event));
        } catch (EvaluationException e) {
            return open.fail(
                    new Failure(ErrorCode.WRONG_TYPE, NAME, String.valueOf(e.getMessage())));
        }
        boolean chosen =
                open.delivery().earlier().pass() > 0
                        || coin.says(
                                stratum == null ? "" : stratum,
                                text == null ? event.id().toString() : text);
        if (!chosen) {
            return open.end(Outcome.SampledOut.INSTANCE);
        }
        open.marks(
                stratum == null ? List.of(share) : List.of(share, Header.text(STRATUM, stratum)));
        return Progress.NEXT;
    }

    private static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            default -> JsonText.text(value);
        };
    }
}
