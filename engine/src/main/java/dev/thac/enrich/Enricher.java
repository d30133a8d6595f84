package dev.thac.enrich;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.thac.event.Event;
import dev.thac.expression.EvaluationException;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.expression.Formula;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.resilience.Backoff;
import dev.thac.resilience.CircuitBreaker;
import dev.thac.resilience.CircuitBreaker.Pass;
import dev.thac.resilience.Ticker;
import dev.thac.spec.CelText;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * One lookup of a pipeline: computes what to ask for, remembers answers, asks once for all events
 * that want the same at the same time, and waits out the trouble of whoever is asked. Thread-safe.
 */
public final class Enricher {

    /**
     * The first failure stops all questions for a moment and a probe; a probe costs little, and two
     * seconds bound how late the end of an outage is noticed.
     */
    private static final Backoff OPEN_TIME =
            new Backoff(Duration.ofMillis(25), Duration.ofSeconds(2), 0.2, Math::random);

    private static final CircuitBreaker.Settings TRIPPED_BY_ONE =
            new CircuitBreaker.Settings(1, 1, 1, OPEN_TIME);

    private final String pipeline;
    private final String name;
    private final Lookup lookup;
    private final LookupWatch watch;
    private final Missing missing;
    private final List<Formula> with;
    private final @Nullable UrlTemplate url;
    private final @Nullable Cache<List<@Nullable Object>, Found> cache;
    private final ConcurrentMap<List<@Nullable Object>, Flight> flights = new ConcurrentHashMap<>();
    private final Semaphore places;
    private final CircuitBreaker breaker;
    private final Meters meters;
    private final Ticker ticker;
    private final Meters.Count hits;
    private final Meters.Count misses;
    private final Meters.Count nothings;
    private final Meters.Count errors;
    private volatile boolean troubled;

    /**
     * How a lookup of one event ended.
     *
     * @param found what was found
     * @param asked whether it was asked for this event
     */
    public record Result(Found found, boolean asked) {

        /** There was nothing to ask for. */
        public static final Result NOTHING = new Result(Found.NOTHING, false);
    }

    private Enricher(
            String pipeline, String name, EnrichSpec spec, LookupSources sources, Around around)
            throws ExpressionException {
        this.pipeline = pipeline;
        this.name = name;
        this.lookup = sources.open(name, spec);
        this.watch = sources.watch();
        this.missing = sources.equals(LookupSources.NONE) ? Missing.NULL : spec.missing();
        this.with = formulas(spec.with());
        this.url = spec.http().isPresent() ? UrlTemplate.parse(spec.http().get().text()) : null;
        this.meters = around.meters();
        this.ticker = around.ticker();
        this.cache =
                spec.cache().isPresent() && !lookup.local()
                        ? cache(spec.cache().get(), ticker)
                        : null;
        this.places = lookup.places();
        this.breaker = new CircuitBreaker(TRIPPED_BY_ONE, ticker, _ -> {});
        this.hits = meters.count(Metric.LOOKUPS, pipeline, name, "hit");
        this.misses = meters.count(Metric.LOOKUPS, pipeline, name, "miss");
        this.nothings = meters.count(Metric.LOOKUPS, pipeline, name, "missing");
        this.errors = meters.count(Metric.LOOKUPS, pipeline, name, "error");
    }

    private record Around(Meters meters, Ticker ticker) {}

    /**
     * The lookups of a pipeline; nothing is connected to.
     *
     * @param pipeline its name, a metric label
     * @param specs name to lookup, in the order in which they are made
     * @param sources where they are asked
     * @param meters where they are counted
     * @param ticker time
     * @return one each, in the same order
     * @throws ExpressionException when an expression is wrong
     */
    public static List<Enricher> of(
            String pipeline,
            Map<String, EnrichSpec> specs,
            LookupSources sources,
            Meters meters,
            Ticker ticker)
            throws ExpressionException {
        List<Enricher> all = new ArrayList<>();
        for (Map.Entry<String, EnrichSpec> entry : specs.entrySet()) {
            all.add(
                    new Enricher(
                            pipeline,
                            entry.getKey(),
                            entry.getValue(),
                            sources,
                            new Around(meters, ticker)));
        }
        return List.copyOf(all);
    }

    /**
     * Its name, which is that of the member it adds.
     *
     * @return the name in the file
     */
    public String name() {
        return name;
    }

    /**
     * What happens to an event for which nothing is found.
     *
     * @return as the file says
     */
    public Missing missing() {
        return missing;
    }

    /**
     * What is asked for.
     *
     * @param event the event
     * @return the key; empty where there is nothing to ask for: a part of the URL is missing, or
     *     every parameter is null
     * @throws EvaluationException when a parameter cannot be computed
     * @throws LookupException when it would make a URL of another shape
     */
    public Optional<List<@Nullable Object>> key(Event event)
            throws EvaluationException, LookupException {
        UrlTemplate template = url;
        if (template != null) {
            Optional<String> address = template.url(event);
            return address.isPresent() ? Optional.of(new Parts(address.get())) : Optional.empty();
        }
        @Nullable Object[] key = new @Nullable Object[with.size()];
        boolean some = with.isEmpty();
        for (int i = 0; i < key.length; i++) {
            key[i] = with.get(i).apply(event);
            some |= key[i] != null;
        }
        return some ? Optional.of(new Parts(key)) : Optional.empty();
    }

    /**
     * What is known without asking; never waits.
     *
     * @param key what is asked for
     * @return the answer; null where it has to be asked
     */
    public @Nullable Found known(List<@Nullable Object> key) {
        Cache<List<@Nullable Object>, Found> kept = cache;
        if (kept != null) {
            return kept.getIfPresent(key);
        }
        if (!lookup.local()) {
            return null;
        }
        try {
            return found(lookup.find(key));
        } catch (LookupException _) { // asked again where waiting is allowed
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("what is local does not wait", e);
        }
    }

    /**
     * Asks, or waits for the answer to somebody else who asks the same. Trouble of whoever is asked
     * is waited out here and is never an event's fault.
     *
     * @param key what is asked for
     * @param abandoned whether nobody wants the answer any more
     * @return the answer
     * @throws LookupException when this event can never be answered
     * @throws InterruptedException when the thread is interrupted, or the event abandoned
     */
    public Result ask(List<@Nullable Object> key, BooleanSupplier abandoned)
            throws LookupException, InterruptedException {
        while (true) {
            Flight mine = new Flight();
            Flight other = flights.putIfAbsent(key, mine);
            if (other == null) {
                return lead(key, mine, abandoned);
            }
            Found answer = other.await();
            if (answer != null) {
                return new Result(answer, false);
            }
        }
    }

    /**
     * Counts how the lookup of one event ended.
     *
     * @param result how; null where it has no answer
     */
    public void count(@Nullable Result result) {
        if (result == null) {
            errors.add(1);
        } else if (!result.found().present()) {
            nothings.add(1);
        } else if (result.asked()) {
            misses.add(1);
        } else {
            hits.add(1);
        }
    }

    private Result lead(List<@Nullable Object> key, Flight mine, BooleanSupplier abandoned)
            throws LookupException, InterruptedException {
        try {
            // a flight may have landed between the look into the cache and this one
            Found known = known(key);
            Found answer = known == null ? hold(key, abandoned) : known;
            Cache<List<@Nullable Object>, Found> kept = cache;
            if (kept != null && known == null) {
                answer = answer.written();
                kept.put(key, answer);
            }
            mine.found(answer);
            return new Result(answer, known == null);
        } catch (LookupException e) {
            mine.failed(e);
            throw e;
        } finally {
            flights.remove(key, mine);
            mine.end();
        }
    }

    /** Asks until there is an answer. */
    private Found hold(List<@Nullable Object> key, BooleanSupplier abandoned)
            throws LookupException, InterruptedException {
        while (true) {
            // Those who wait for the end of an outage hold the places: whoever comes after them
            // learns of it before he asks.
            places.acquire();
            try {
                Pass pass = breaker.enter();
                if (abandoned.getAsBoolean()) {
                    breaker.abandoned(pass);
                    throw new InterruptedException("nobody waits for the event any more");
                }
                Found answer = attempt(key, pass);
                if (answer != null) {
                    return answer;
                }
            } finally {
                places.release();
            }
        }
    }

    /** Asks once; null where there is trouble. */
    private @Nullable Found attempt(List<@Nullable Object> key, Pass pass)
            throws LookupException, InterruptedException {
        long started = ticker.nanos();
        boolean told = false;
        try {
            Found answer = found(lookup.find(key));
            told = true;
            answered(pass, started, answer.present() ? "found" : "missing");
            return answer;
        } catch (LookupException e) {
            told = true;
            if (!e.held()) {
                answered(pass, started, "refused");
                throw e;
            }
            breaker.trip(pass, e.atLeast());
            took(started, "trouble");
            troubled = true;
            watch.trouble(name, e);
            return null;
        } finally {
            if (!told) {
                breaker.abandoned(pass);
            }
        }
    }

    private void answered(Pass pass, long started, String outcome) {
        breaker.succeeded(pass);
        took(started, outcome);
        if (troubled) {
            troubled = false;
            watch.answers(name);
        }
    }

    private void took(long started, String outcome) {
        meters.time(
                Metric.LOOKUP_SECONDS,
                Duration.ofNanos(ticker.nanos() - started),
                pipeline,
                name,
                outcome);
    }

    private static Found found(Optional<Object> tree) {
        return tree.isPresent() ? new Found(tree.get(), true) : Found.NOTHING;
    }

    private static List<Formula> formulas(Map<String, CelText> with) throws ExpressionException {
        List<Formula> formulas = new ArrayList<>(with.size());
        for (CelText cel : with.values()) {
            formulas.add(Expressions.formula(cel.text()));
        }
        return List.copyOf(formulas);
    }

    private static Cache<List<@Nullable Object>, Found> cache(LookupCacheSpec spec, Ticker ticker) {
        return Caffeine.newBuilder()
                .maximumSize(spec.size())
                .expireAfterWrite(spec.expiry())
                .ticker(ticker::nanos)
                .executor(Runnable::run)
                .build();
    }
}
