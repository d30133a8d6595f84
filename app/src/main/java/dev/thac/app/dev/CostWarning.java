package dev.thac.app.dev;

import dev.thac.app.model.ModelSetup;
import dev.thac.cascade.AnalysisSpec;
import dev.thac.cascade.TierSpec;
import dev.thac.cost.Price;
import dev.thac.event.Money;
import dev.thac.model.Models;
import dev.thac.pipeline.FlowSpec;

import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What real models may cost, said before the first call. A rough upper figure: every event reaches
 * every paid tier, three characters make a token, an event has 100 tokens of text, an answer 150
 * tokens, thinking included. The prices are those of the price book.
 */
final class CostWarning {

    private static final int CHARACTERS_PER_TOKEN = 3;
    private static final int EVENT_TOKENS = 100;
    private static final int ANSWER_TOKENS = 150;
    private static final int CALL_TOKENS = 200;

    private CostWarning() {}

    /**
     * The lines to show.
     *
     * @param flow the pipeline
     * @param setup which models are real
     * @param models their prices
     * @param events how many events at most; empty for no end
     */
    static List<String> lines(
            FlowSpec flow, ModelSetup setup, Models models, Optional<Long> events) {
        Money each = Money.ZERO;
        List<String> unpriced = new ArrayList<>();
        for (AnalysisSpec analysis : flow.analyses().values()) {
            for (TierSpec tier : analysis.tiers()) {
                if (tier instanceof TierSpec.Model model && setup.real().contains(model.model())) {
                    Optional<Price> price = models.price(model.model());
                    if (price.isEmpty()) {
                        unpriced.add(model.model());
                    } else {
                        each = each.plus(perEvent(analysis, model, price.get()));
                    }
                }
            }
        }
        Money dearest = each;
        List<String> lines = new ArrayList<>();
        lines.add(
                "real models: "
                        + String.join(", ", setup.real())
                        + ". At most about "
                        + per(dearest, 1000)
                        + " for 1,000 events"
                        + events.map(most -> ", " + per(dearest, most) + " for " + most)
                                .orElse(" (no end: Ctrl-C stops)")
                        + "; --simulate costs nothing");
        if (!unpriced.isEmpty()) {
            lines.add("no price is known for " + String.join(", ", unpriced) + ": not in the sum");
        }
        return lines;
    }

    private static String per(Money each, long events) {
        Money all = new Money(Math.multiplyExact(each.nanos(), events));
        return all.toUsd().setScale(4, RoundingMode.UP).toPlainString() + " USD";
    }

    private static Money perEvent(AnalysisSpec analysis, TierSpec.Model tier, Price price) {
        int together = tier.batch().flatMap(batch -> batch.size()).orElse(1);
        int instructions =
                (analysis.task().length()
                                + analysis.output().toString().length()
                                + analysis.examples().toString().length())
                        / CHARACTERS_PER_TOKEN;
        long input = (long) (instructions + CALL_TOKENS) / together + EVENT_TOKENS;
        return price.worstCost(input, ANSWER_TOKENS + CALL_TOKENS / together);
    }
}
