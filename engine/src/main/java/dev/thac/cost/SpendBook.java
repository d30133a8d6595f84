package dev.thac.cost;

import dev.thac.event.Money;
import dev.thac.event.TokenUsage;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;

import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * What one run of a pipeline has done and spent: by day, analysis, tier and model. Every call is
 * entered once, when its reply has come, whatever becomes of its events afterwards; the cost
 * metrics are counted here and nowhere else, so that they say the same. Thread-safe.
 *
 * <p>A call belongs to the day on which its request was sent. Events that a free tier decides are
 * counted without looking at the clock, and belong to the day on which they are next collected: at
 * most a snapshot's interval later.
 */
public final class SpendBook {

    private static final double NANOS_PER_USD = 1e9;

    private final String pipeline;
    private final ZoneId zone;
    private final Meters meters;
    private final Object lock = new Object();
    private final Map<LocalDate, Map<Key, Figures>> days = new TreeMap<>();
    private final List<Tier> tiers = new ArrayList<>();

    /** Whose figures. */
    private record Key(String analysis, String tier, String model) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byAnalysis = analysis.compareTo(other.analysis);
            int byTier = byAnalysis == 0 ? tier.compareTo(other.tier) : byAnalysis;
            return byTier == 0 ? model.compareTo(other.model) : byTier;
        }
    }

    /** One line in the making; guarded by the lock. */
    private static final class Figures {
        private final SpendTier part;
        private long events;
        private long paidEvents;
        private long failed;
        private long entered;
        private long asked;
        private long calls;
        private long unanswered;
        private long unpriced;
        private TokenUsage tokens = TokenUsage.NONE;
        private final Map<TokenKind, Money> cost = new TreeMap<>();
        private Money batching = Money.ZERO;
        private Money promptCache = Money.ZERO;

        Figures(SpendTier part) {
            this.part = part;
        }

        SpendLine line(Key key) {
            return new SpendLine(
                    key.analysis,
                    key.tier,
                    key.model,
                    events,
                    failed,
                    asked,
                    calls,
                    unanswered,
                    unpriced,
                    tokens,
                    cost);
        }

        Money total() {
            Money sum = Money.ZERO;
            for (Money amount : cost.values()) {
                sum = sum.plus(amount);
            }
            return sum;
        }
    }

    /**
     * A call with a reply.
     *
     * @param terms when it was made, which model and at what price
     * @param usage its tokens
     * @param cost its price; empty where that is unknown
     */
    public record Call(Terms terms, TokenUsage usage, Optional<Money> cost) {

        /** The cost by kind of token; the kinds add up to it. */
        Map<TokenKind, Money> byKind() {
            Money whole = cost.orElse(Money.ZERO);
            Optional<Map<TokenKind, Money>> priced =
                    terms.price().map(price -> price.costByKind(usage, terms.at()));
            return priced.filter(kinds -> sum(kinds).equals(whole))
                    .orElseGet(
                            () -> Portions.of(whole, kind -> BigInteger.valueOf(kind.of(usage))));
        }

        /** What the provider's prompt cache saved, or cost. */
        Money byPromptCache() {
            return terms.price()
                    .filter(_ -> cost.isPresent())
                    .map(
                            price ->
                                    new Money(
                                            price.cost(usage.uncached(), terms.at()).nanos()
                                                    - price.cost(usage, terms.at()).nanos()))
                    .orElse(Money.ZERO);
        }

        private static Money sum(Map<TokenKind, Money> kinds) {
            Money sum = Money.ZERO;
            for (Money amount : kinds.values()) {
                sum = sum.plus(amount);
            }
            return sum;
        }
    }

    /**
     * Who paid for a call.
     *
     * @param entered events that had paid for nothing in this analysis before
     * @param asked events that had paid for nothing at this tier before
     */
    public record Payers(int entered, int asked) {}

    /**
     * An empty book.
     *
     * @param pipeline the pipeline's name
     * @param zone whose midnight begins a day
     * @param meters where tokens and money are counted
     */
    public SpendBook(String pipeline, ZoneId zone, Meters meters) {
        this.pipeline = pipeline;
        this.zone = zone;
        this.meters = meters;
    }

    /** Reports what was saved as a metric; once, for the book of a running pipeline. */
    public void report() {
        for (Saving cause : Saving.values()) {
            meters.gauge(
                    Metric.COST_SAVED,
                    () -> saved(cause).nanos() / NANOS_PER_USD,
                    pipeline,
                    cause.label());
        }
    }

    /**
     * The page of one tier; ask once and keep it.
     *
     * @param analysis the analysis
     * @param name the tier's name
     * @param part its part in the analysis
     * @return where the tier enters what it does
     */
    public Tier tier(String analysis, String name, SpendTier part) {
        Tier tier = new Tier(analysis, name, part);
        synchronized (lock) {
            tiers.add(tier);
        }
        return tier;
    }

    /** Where one tier enters what it does. Thread-safe. */
    public final class Tier {

        private final String analysis;
        private final String name;
        private final SpendTier part;
        private final LongAdder free = new LongAdder();
        private final ConcurrentHashMap<String, Series> series = new ConcurrentHashMap<>();

        private Tier(String analysis, String name, SpendTier part) {
            this.analysis = analysis;
            this.name = name;
            this.part = part;
        }

        /** A free tier decided an event for which nothing was paid. The quick way. */
        public void settledFree() {
            free.increment();
        }

        /**
         * The tier decided an event.
         *
         * @param model the id of the model that answered; empty for a free tier
         * @param at when
         * @param paid whether anything was paid for the event in this pass; not where all its
         *     answers came from a journal
         */
        public void settled(String model, Instant at, boolean paid) {
            synchronized (lock) {
                Figures figures = figures(day(at), model);
                figures.events++;
                figures.paidEvents += paid ? 1 : 0;
            }
        }

        /**
         * An event's way ended at this tier without an answer.
         *
         * @param model the id of the tier's model; empty for a free tier
         * @param at when
         */
        public void failed(String model, Instant at) {
            synchronized (lock) {
                figures(day(at), model).failed++;
            }
        }

        /**
         * A call had its reply.
         *
         * @param call the call
         * @param payers the events that shared it
         */
        public void paid(Call call, Payers payers) {
            Map<TokenKind, Money> kinds = call.byKind();
            synchronized (lock) {
                Figures figures = figures(day(call.terms().at()), call.terms().model());
                figures.calls++;
                figures.entered += payers.entered();
                figures.asked += payers.asked();
                figures.unpriced += call.cost().isPresent() ? 0 : 1;
                figures.tokens = figures.tokens.plus(call.usage());
                figures.promptCache = figures.promptCache.plus(call.byPromptCache());
                kinds.forEach((kind, amount) -> figures.cost.merge(kind, amount, Money::plus));
            }
            series.computeIfAbsent(call.terms().model(), Series::new).count(call.usage(), kinds);
        }

        /**
         * A call had no reply.
         *
         * @param model the id of the tier's model
         * @param at when
         */
        public void unanswered(String model, Instant at) {
            synchronized (lock) {
                figures(day(at), model).unanswered++;
            }
        }

        /**
         * A call had several usable answers: what they share was not sent again.
         *
         * @param call the call
         * @param times how often: the usable answers beyond the first
         * @param share which part of the call's input they share, 0 to 1
         */
        public void shared(Call call, int times, double share) {
            Map<TokenKind, Money> kinds = call.byKind();
            Money input = Money.ZERO;
            for (TokenKind kind : TokenKind.values()) {
                boolean output = kind == TokenKind.OUTPUT || kind == TokenKind.THINKING;
                input = output ? input : input.plus(kinds.getOrDefault(kind, Money.ZERO));
            }
            Money spared = new Money((long) Math.floor(input.nanos() * share * times));
            synchronized (lock) {
                Figures figures = figures(day(call.terms().at()), call.terms().model());
                figures.batching = figures.batching.plus(spared);
            }
        }

        private Figures figures(LocalDate day, String model) {
            return days.computeIfAbsent(day, _ -> new TreeMap<>())
                    .computeIfAbsent(new Key(analysis, name, model), _ -> new Figures(part));
        }

        private void collect(LocalDate day) {
            long events = free.sumThenReset();
            if (events > 0) {
                figures(day, "").events += events;
            }
        }

        /** The metrics of this tier on one model. */
        private final class Series {
            private final String model;
            private final Map<TokenKind, Meters.Count> tokens = new ConcurrentHashMap<>();
            private final Map<TokenKind, Meters.Count> cost = new ConcurrentHashMap<>();

            Series(String model) {
                this.model = model;
            }

            void count(TokenUsage usage, Map<TokenKind, Money> kinds) {
                for (TokenKind kind : TokenKind.values()) {
                    add(tokens, Metric.TOKENS, kind, (double) kind.of(usage));
                    long nanos = kinds.getOrDefault(kind, Money.ZERO).nanos();
                    add(cost, Metric.COST, kind, nanos / NANOS_PER_USD);
                }
            }

            private void add(
                    Map<TokenKind, Meters.Count> counts,
                    Metric metric,
                    TokenKind kind,
                    double amount) {
                if (amount > 0) {
                    counts.computeIfAbsent(
                                    kind,
                                    _ -> meters.count(metric, pipeline, name, model, kind.label()))
                            .add(amount);
                }
            }
        }
    }

    /**
     * All days of this run so far.
     *
     * @param now the time; what free tiers decided since the last call belongs to its day
     * @return one entry a day, sorted
     */
    public List<SpendDay> snapshot(Instant now) {
        synchronized (lock) {
            LocalDate today = day(now);
            tiers.forEach(tier -> tier.collect(today));
            List<SpendDay> all = new ArrayList<>();
            days.forEach(
                    (day, figures) -> {
                        List<SpendLine> lines = new ArrayList<>();
                        figures.forEach((key, each) -> lines.add(each.line(key)));
                        all.add(new SpendDay(pipeline, day, zone, lines, saved(figures)));
                    });
            return all;
        }
    }

    /**
     * What this run has not spent, over all days and analyses, up to the last snapshot.
     *
     * @param cause why
     * @return the estimate; negative where it cost money
     */
    public Money saved(Saving cause) {
        synchronized (lock) {
            Money sum = Money.ZERO;
            for (Map<Key, Figures> figures : days.values()) {
                for (SpendDay.Saved saved : saved(figures)) {
                    sum = saved.cause() == cause ? sum.plus(saved.amount()) : sum;
                }
            }
            return sum;
        }
    }

    private LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, zone);
    }

    private static List<SpendDay.Saved> saved(Map<Key, Figures> figures) {
        TreeMap<String, List<Figures>> analyses = new TreeMap<>();
        figures.forEach(
                (key, each) ->
                        analyses.computeIfAbsent(key.analysis, _ -> new ArrayList<>()).add(each));
        List<SpendDay.Saved> all = new ArrayList<>();
        analyses.forEach(
                (analysis, lines) -> {
                    for (Saving cause : Saving.values()) {
                        Money amount = saved(cause, lines);
                        if (amount.nanos() != 0) {
                            all.add(new SpendDay.Saved(analysis, cause, amount));
                        }
                    }
                });
        return all;
    }

    /** {@link Saving} says what is computed here. */
    private static Money saved(Saving cause, List<Figures> lines) {
        return switch (cause) {
            case RULES -> spared(lines, SpendTier.RULES);
            case CACHE -> spared(lines, SpendTier.CACHE);
            case CASCADE -> cascade(lines);
            case BATCHING -> sum(lines, line -> line.batching);
            case PROMPT_CACHE -> sum(lines, line -> line.promptCache);
        };
    }

    private static Money sum(List<Figures> lines, Function<Figures, Money> of) {
        Money sum = Money.ZERO;
        for (Figures line : lines) {
            sum = sum.plus(of.apply(line));
        }
        return sum;
    }

    private static Money spared(List<Figures> lines, SpendTier part) {
        long spared = 0;
        long entered = 0;
        Money paid = Money.ZERO;
        for (Figures line : lines) {
            spared += line.part == part ? line.events - line.paidEvents : 0;
            entered += line.entered;
            paid = paid.plus(line.total());
        }
        return times(spared, paid, entered);
    }

    private static Money cascade(List<Figures> lines) {
        long decided = 0;
        long asked = 0;
        Money before = Money.ZERO;
        Money last = Money.ZERO;
        for (Figures line : lines) {
            if (line.part == SpendTier.MODEL) {
                decided += line.paidEvents;
                before = before.plus(line.total());
            } else if (line.part == SpendTier.LAST_MODEL) {
                asked += line.asked;
                last = last.plus(line.total());
            }
        }
        return asked == 0
                ? Money.ZERO
                : new Money(
                        Math.subtractExact(times(decided, last, asked).nanos(), before.nanos()));
    }

    /** So many times the mean of an amount over a number of events; nothing over none. */
    private static Money times(long events, Money amount, long over) {
        return over == 0
                ? Money.ZERO
                : new Money(
                        BigInteger.valueOf(events)
                                .multiply(BigInteger.valueOf(amount.nanos()))
                                .divide(BigInteger.valueOf(over))
                                .longValueExact());
    }
}
