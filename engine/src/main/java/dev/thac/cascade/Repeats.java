package dev.thac.cascade;

import dev.thac.cost.SpendBook;
import dev.thac.cost.SpendTier;
import dev.thac.event.Delivery;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What one analysis does with an input that comes again: the answers it keeps, the inputs that are
 * being judged right now, and how an input is recognised. Thread-safe.
 */
final class Repeats {

    private final InputKeys keys;
    private final AnswerCache cache;
    private final SingleFlight flights;
    private final List<ModelTier> models;
    private final Meters.Count hits;
    private final Meters.Count misses;
    private final Meters.Count bypasses;
    private final Meters.Count decisions;
    private final SpendBook.Tier book;

    private Repeats(CacheSpec spec, List<ModelTier> models, Setting setting) {
        this.keys = new InputKeys(spec.mode(), models.stream().map(ModelTier::promptHash).toList());
        this.cache = new AnswerCache(spec, setting.ticker());
        this.flights = new SingleFlight(setting.ticker());
        this.models = List.copyOf(models);
        Meters meters = setting.meters();
        String pipeline = setting.pipeline();
        String analysis = setting.analysis();
        this.hits = meters.count(Metric.CACHE_REQUESTS, pipeline, analysis, "hit");
        this.misses = meters.count(Metric.CACHE_REQUESTS, pipeline, analysis, "miss");
        this.bypasses = meters.count(Metric.CACHE_REQUESTS, pipeline, analysis, "bypass");
        this.decisions = meters.count(Metric.DECISIONS, pipeline, analysis, AnswerCache.NAME);
        this.book = setting.book().tier(analysis, AnswerCache.NAME, SpendTier.CACHE);
        meters.gauge(Metric.CACHE_ENTRIES, cache::entries, pipeline, analysis);
        meters.gauge(Metric.CACHE_BYTES, cache::bytes, pipeline, analysis);
    }

    /** For an analysis with these tiers; {@code null} where it keeps no answers. */
    static @Nullable Repeats of(CacheSpec spec, List<Tier> tiers, Setting setting) {
        List<ModelTier> models = new ArrayList<>(tiers.size());
        for (Tier tier : tiers) {
            if (tier instanceof ModelTier model) {
                models.add(model);
            }
        }
        return spec.mode() == CacheMode.OFF || models.isEmpty()
                ? null
                : new Repeats(spec, models, setting);
    }

    /**
     * Whether a model has answered about this very event before: then that answer is its own, and
     * its price is the event's.
     */
    boolean remembered(Delivery event) {
        for (ModelTier model : models) {
            if (model.remembers(event)) {
                return true;
            }
        }
        return false;
    }

    InputKeys keys() {
        return keys;
    }

    AnswerCache cache() {
        return cache;
    }

    SingleFlight flights() {
        return flights;
    }

    void countHit() {
        hits.add(1);
        decisions.add(1);
        book.settledFree();
    }

    void countMiss() {
        misses.add(1);
    }

    void countBypass() {
        bypasses.add(1);
    }
}
