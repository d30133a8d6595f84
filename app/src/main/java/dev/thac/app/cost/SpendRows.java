package dev.thac.app.cost;

import dev.thac.cost.Saving;
import dev.thac.cost.SpendDay;
import dev.thac.cost.SpendLine;
import dev.thac.event.Money;
import dev.thac.event.TokenUsage;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Sums over days of spending, grouped as one likes. */
public final class SpendRows {

    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    private final List<SpendDay> days;

    /** What rows may be grouped by. */
    public enum By {
        /** The day. */
        day,
        /** The pipeline. */
        pipeline,
        /** The analysis. */
        analysis,
        /** The tier. */
        tier,
        /** The provider's model id. */
        model;

        private String of(SpendDay at, SpendLine line) {
            return switch (this) {
                case day -> at.day().toString();
                case pipeline -> at.pipeline();
                case analysis -> line.analysis();
                case tier -> line.tier();
                case model -> line.model();
            };
        }
    }

    /**
     * One sum.
     *
     * @param names what it is grouped by, in order
     * @param events events decided
     * @param failed events that ended without an answer
     * @param calls calls with a reply
     * @param unanswered calls without one, whose bill nobody but the provider knows
     * @param unpriced calls whose price is unknown
     * @param tokens tokens
     * @param cost money
     * @param judged events that went into these analyses, whichever tier decided them; of a
     *     pipeline with several analyses those of the busiest, since they are the same events
     */
    public record Row(
            List<String> names,
            long events,
            long failed,
            long calls,
            long unanswered,
            long unpriced,
            TokenUsage tokens,
            Money cost,
            long judged) {

        /**
         * What a million such events cost.
         *
         * @return USD, to a millionth; empty where there were none
         */
        public Optional<BigDecimal> usdPerMillion() {
            return judged == 0
                    ? Optional.empty()
                    : Optional.of(
                            cost.toUsd()
                                    .multiply(MILLION)
                                    .divide(BigDecimal.valueOf(judged), 6, RoundingMode.HALF_UP));
        }
    }

    private static final class Sum {
        private long events;
        private long failed;
        private long calls;
        private long unanswered;
        private long unpriced;
        private TokenUsage tokens = TokenUsage.NONE;
        private Money cost = Money.ZERO;
        private final Map<List<String>, Map<String, Long>> scopes = new HashMap<>();

        void add(SpendDay day, SpendLine line, long judged) {
            events += line.events();
            failed += line.failed();
            calls += line.calls();
            unanswered += line.unanswered();
            unpriced += line.unpriced();
            tokens = tokens.plus(line.tokens());
            cost = cost.plus(line.total());
            scopes.computeIfAbsent(List.of(day.pipeline(), line.analysis()), _ -> new HashMap<>())
                    .put(day.day().toString(), judged);
        }

        Row row(List<String> names) {
            Map<String, Long> busiest = new HashMap<>();
            scopes.forEach(
                    (scope, byDay) ->
                            busiest.merge(
                                    scope.getFirst(),
                                    byDay.values().stream().mapToLong(Long::longValue).sum(),
                                    Math::max));
            long judged = busiest.values().stream().mapToLong(Long::longValue).sum();
            return new Row(
                    names, events, failed, calls, unanswered, unpriced, tokens, cost, judged);
        }
    }

    /**
     * Rows over these days.
     *
     * @param days days of any runs
     */
    public SpendRows(Collection<SpendDay> days) {
        this.days = List.copyOf(days);
    }

    /**
     * Sums.
     *
     * @param by what to group by; nothing gives one row
     * @return the rows, sorted by their names
     */
    public List<Row> rows(List<By> by) {
        Map<List<String>, Long> judged = judged();
        TreeMap<List<String>, Sum> sums = new TreeMap<>(SpendRows::compare);
        for (SpendDay day : days) {
            for (SpendLine line : day.lines()) {
                List<String> names = new ArrayList<>();
                by.forEach(each -> names.add(each.of(day, line)));
                sums.computeIfAbsent(List.copyOf(names), _ -> new Sum())
                        .add(day, line, judged.getOrDefault(scope(day, line), 0L));
            }
        }
        List<Row> rows = new ArrayList<>();
        sums.forEach((names, sum) -> rows.add(sum.row(names)));
        return rows;
    }

    /**
     * What was not spent.
     *
     * @return an estimate for every cause, zero where there is none
     */
    public Map<Saving, Money> saved() {
        Map<Saving, Money> saved = new EnumMap<>(Saving.class);
        for (Saving cause : Saving.values()) {
            saved.put(cause, Money.ZERO);
        }
        for (SpendDay day : days) {
            for (SpendDay.Saved each : day.saved()) {
                saved.merge(each.cause(), each.amount(), Money::plus);
            }
        }
        return saved;
    }

    private Map<List<String>, Long> judged() {
        Map<List<String>, Long> judged = new HashMap<>();
        for (SpendDay day : days) {
            for (SpendLine line : day.lines()) {
                judged.merge(scope(day, line), line.events() + line.failed(), Long::sum);
            }
        }
        return judged;
    }

    private static List<String> scope(SpendDay day, SpendLine line) {
        return List.of(day.pipeline(), line.analysis(), day.day().toString());
    }

    private static int compare(List<String> one, List<String> other) {
        for (int i = 0; i < one.size(); i++) {
            int order = one.get(i).compareTo(other.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
