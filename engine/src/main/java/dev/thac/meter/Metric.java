package dev.thac.meter;

import java.util.List;

/**
 * Every metric Thác reports: name, kind, unit and labels in one place. Names follow Prometheus:
 * base units, {@code _total} on counters; labels are bounded sets (never an event's id, user, key
 * or an error's text).
 */
public enum Metric {
    /** Records read. */
    EVENTS_IN("thac_events_in_total", Kind.COUNTER, "Records read", "pipeline", "topic"),
    /** Records no filter pattern matched. */
    EVENTS_FILTERED(
            "thac_events_filtered_total",
            Kind.COUNTER,
            "Records no filter pattern matched",
            "pipeline"),
    /** Records written per route topic. */
    EVENTS_OUT(
            "thac_events_out_total",
            Kind.COUNTER,
            "Records written per route topic",
            "pipeline",
            "route"),
    /** Events by terminal outcome. */
    EVENTS_SETTLED(
            "thac_events_settled_total",
            Kind.COUNTER,
            "Events by terminal outcome",
            "pipeline",
            "outcome"),
    /** Events that could not be settled. */
    EVENTS_FAILED(
            "thac_events_failed_total",
            Kind.COUNTER,
            "Events that could not be settled",
            "pipeline",
            "stage",
            "reason"),
    /** Events sent to a retry topic, to be judged again later. */
    EVENTS_RETRIED(
            "thac_events_retried_total",
            Kind.COUNTER,
            "Events sent to a retry topic, to be judged again later",
            "pipeline",
            "level",
            "reason"),
    /** Records in a retry topic that were not let in yet. */
    RETRY_WAITING(
            "thac_retry_waiting",
            Kind.GAUGE,
            "Records in a retry topic that were not let in yet",
            "pipeline",
            "level"),
    /** Records of retry topics that name no event. */
    RETRY_FOREIGN(
            "thac_retry_foreign_total",
            Kind.COUNTER,
            "Records of retry topics that name no event: judged as events of their own",
            "pipeline"),
    /** Events read and not yet settled. */
    EVENTS_IN_FLIGHT(
            "thac_events_in_flight", Kind.GAUGE, "Events read and not yet settled", "pipeline"),
    /** Offsets that retention removed before they were finished. */
    EVENTS_EXPIRED(
            "thac_events_expired_total",
            Kind.COUNTER,
            "Offsets that retention removed before they were finished",
            "pipeline",
            "topic"),
    /** Settled events waiting for their commit. */
    EVENTS_STAGED(
            "thac_events_staged",
            Kind.GAUGE,
            "Settled events waiting for their commit",
            "pipeline"),
    /** Records behind the end of the topic. */
    CONSUMER_LAG_RECORDS(
            "thac_consumer_lag_records",
            Kind.GAUGE,
            "Records behind the end of the topic",
            "pipeline",
            "topic"),
    /** Age of the oldest record not yet settled. */
    CONSUMER_LAG_SECONDS(
            "thac_consumer_lag_seconds",
            Kind.GAUGE,
            "Age of the oldest record not yet settled",
            "pipeline"),
    /** Partitions whose intake is paused. */
    PAUSED_PARTITIONS(
            "thac_paused_partitions", Kind.GAUGE, "Partitions whose intake is paused", "pipeline"),
    /** Changes of the assignment. */
    REBALANCES("thac_rebalances_total", Kind.COUNTER, "Changes of the assignment", "pipeline"),
    /** Commits by outcome. */
    COMMITS("thac_commits_total", Kind.COUNTER, "Commits by outcome", "pipeline", "outcome"),
    /** When the last commit succeeded; before the first, when the pipeline was started. */
    LAST_PROGRESS(
            "thac_last_progress_timestamp_seconds",
            Kind.GAUGE,
            "When the last commit succeeded; before the first, when the pipeline was started",
            "pipeline"),
    /** Events in a model call. */
    BATCH_EVENTS("thac_batch_events", Kind.HISTOGRAM, "Events in a model call", "pipeline", "tier"),
    /** Records written of windows. */
    WINDOW_RESULTS(
            "thac_window_results_total",
            Kind.COUNTER,
            "Records written of windows",
            "pipeline",
            "window"),
    /** Events that came too late for a window. */
    WINDOW_LATE(
            "thac_window_late_total",
            Kind.COUNTER,
            "Events that came too late for a window, or whose time is too far ahead",
            "pipeline",
            "window",
            "reason"),
    /** Records that windows cannot count. */
    WINDOW_REFUSED(
            "thac_window_refused_total",
            Kind.COUNTER,
            "Records that windows cannot count: undecodable, or without a usable time",
            "pipeline",
            "stage",
            "reason"),
    /** Batches by what closed them. */
    BATCH_FLUSH(
            "thac_batch_flush_total",
            Kind.COUNTER,
            "Batches by what closed them",
            "pipeline",
            "tier",
            "cause"),
    /** Wait of a batch's first event. */
    BATCH_WAIT(
            "thac_batch_wait_seconds",
            Kind.SECONDS,
            "Wait of a batch's first event",
            "pipeline",
            "tier"),
    /** From the record's time to its acknowledged output. */
    EVENT_SECONDS(
            "thac_event_seconds",
            Kind.SECONDS,
            "From the record's time to its acknowledged output",
            "pipeline"),
    /** Model calls. */
    MODEL_CALL_SECONDS("thac_model_call_seconds", Kind.SECONDS, "Model calls", "model", "outcome"),
    /** Waits for limits of the provider account. */
    LIMITER_WAIT(
            "thac_limiter_wait_seconds",
            Kind.SECONDS,
            "Waits for limits of the provider account",
            "model"),
    /** Tokens in exclusive kinds. */
    TOKENS(
            "thac_tokens_total",
            Kind.COUNTER,
            "Tokens in exclusive kinds; model is the provider's id",
            "pipeline",
            "tier",
            "model",
            "kind"),
    /** Money by the price book. */
    COST(
            "thac_cost_usd_total",
            Kind.COUNTER,
            "Money by the price book; model is the provider's id",
            "pipeline",
            "tier",
            "model",
            "kind"),
    /** Money not spent, estimated, since the start. It may fall, so it is no counter. */
    COST_SAVED(
            "thac_cost_saved_usd",
            Kind.GAUGE,
            "Money not spent since the start, estimated, by cause; negative where it cost money",
            "pipeline",
            "cause"),
    /** Calls whose model has no price. */
    UNPRICED_CALLS(
            "thac_cost_unpriced_calls_total",
            Kind.COUNTER,
            "Calls whose model has no price",
            "model"),
    /** Confidence of answers. */
    CONFIDENCE(
            "thac_confidence", Kind.RATIO, "Confidence of answers", "pipeline", "analysis", "tier"),
    /** Answers by the tier that gave them. */
    DECISIONS(
            "thac_decisions_total",
            Kind.COUNTER,
            "Answers by the tier that gave them",
            "pipeline",
            "analysis",
            "tier"),
    /** Answers passed on to the next tier. */
    ESCALATIONS(
            "thac_escalations_total",
            Kind.COUNTER,
            "Answers passed on to the next tier",
            "pipeline",
            "analysis",
            "from",
            "reason"),
    /** Unusable answers. */
    OUTPUT_INVALID(
            "thac_output_invalid_total",
            Kind.COUNTER,
            "Unusable answers",
            "pipeline",
            "tier",
            "reason"),
    /** Calls made again. */
    RETRIES("thac_retries_total", Kind.COUNTER, "Calls made again", "model", "reason"),
    /** 0 closed, 1 half open, 2 open. */
    BREAKER_STATE("thac_breaker_state", Kind.GAUGE, "0 closed, 1 half open, 2 open", "target"),
    /** Times a breaker opened. */
    BREAKER_OPENED("thac_breaker_opened_total", Kind.COUNTER, "Times a breaker opened", "target"),
    /** Failed calls by kind. */
    PROVIDER_ERRORS(
            "thac_provider_errors_total", Kind.COUNTER, "Failed calls by kind", "model", "kind"),
    /** Share of a limit that the provider says is left. */
    PROVIDER_REMAINING(
            "thac_provider_remaining_ratio",
            Kind.GAUGE,
            "Share of a limit that the provider says is left",
            "model",
            "kind"),
    /** Answers taken from the journal instead of a call. */
    JOURNAL_HITS(
            "thac_journal_hits_total",
            Kind.COUNTER,
            "Answers taken from the journal instead of a call",
            "pipeline",
            "analysis",
            "tier"),
    /** Answers by whether the journal's broker has acknowledged them. */
    JOURNAL_WRITES(
            "thac_journal_writes_total",
            Kind.COUNTER,
            "Answers written to the journal: acknowledged or failed",
            "pipeline",
            "outcome"),
    /** Records of the journal that make no sense. */
    JOURNAL_SKIPPED(
            "thac_journal_skipped_total",
            Kind.COUNTER,
            "Records of the journal that could not be read",
            "pipeline"),
    /** Answers read from the journal and held until their events are settled. */
    JOURNAL_HELD(
            "thac_journal_held_answers",
            Kind.GAUGE,
            "Answers read from the journal and held until their events are settled",
            "pipeline"),
    /** Events that came to the answer cache. */
    CACHE_REQUESTS(
            "thac_cache_requests_total",
            Kind.COUNTER,
            "Events that came to the answer cache: hit (answered for nothing), miss (a model is"
                    + " asked) or bypass (the journal has an answer of the event's own)",
            "pipeline",
            "analysis",
            "result"),
    /** Answers kept for the same input. */
    CACHE_ENTRIES(
            "thac_cache_entries",
            Kind.GAUGE,
            "Answers kept for the same input",
            "pipeline",
            "analysis"),
    /** Memory they take, about. */
    CACHE_BYTES(
            "thac_cache_bytes",
            Kind.GAUGE,
            "Memory of the answers kept for the same input, about",
            "pipeline",
            "analysis"),
    /** Share of the events that the sample judges. */
    SAMPLE_RATIO(
            "thac_sample_ratio",
            Kind.GAUGE,
            "Share of the events that the sample judges, as the file says",
            "pipeline"),
    /** Dead letters by reason. */
    DLQ_EVENTS(
            "thac_dlq_events_total", Kind.COUNTER, "Dead letters by reason", "pipeline", "reason"),
    /** Lookups of events by how they ended. */
    LOOKUPS(
            "thac_lookups_total",
            Kind.COUNTER,
            "Lookups of events: hit (known already), miss (asked and found), missing (nothing"
                    + " found) or error (the event can never be answered)",
            "pipeline",
            "lookup",
            "result"),
    /** Questions to databases and services. */
    LOOKUP_SECONDS(
            "thac_lookup_seconds",
            Kind.SECONDS,
            "Questions to databases and services: found, missing, refused, or trouble (asked"
                    + " again)",
            "pipeline",
            "lookup",
            "outcome"),
    /** 0 inactive, 1 pending, 2 firing. */
    ALERT_STATE(
            "thac_alert_state", Kind.GAUGE, "0 inactive, 1 pending, 2 firing", "pipeline", "alert"),
    /** Alert messages by what became of them. */
    ALERT_MESSAGES(
            "thac_alert_messages_total",
            Kind.COUNTER,
            "Alert messages: sent, failed or dropped",
            "pipeline",
            "destination",
            "outcome"),
    /** One turn of the lane. */
    LANE_LOOP_SECONDS("thac_lane_loop_seconds", Kind.SECONDS, "One turn of the lane", "pipeline"),
    /** Most money of a budget in its period. */
    BUDGET_LIMIT(
            "thac_budget_limit_usd",
            Kind.GAUGE,
            "Most money of a budget in its period",
            "budget",
            "period"),
    /** Money of the present period that is spent, or held by other processes. */
    BUDGET_SPENT(
            "thac_budget_spent_usd",
            Kind.GAUGE,
            "Money of the present period that is spent, or held by other processes",
            "budget",
            "period"),
    /** What open calls of this process can cost at most. */
    BUDGET_RESERVED(
            "thac_budget_reserved_usd",
            Kind.GAUGE,
            "What open calls of this process can cost at most",
            "budget",
            "period"),
    /** What will be spent by the end of the period, if it goes on like this. */
    BUDGET_FORECAST(
            "thac_budget_forecast_usd",
            Kind.GAUGE,
            "What will be spent by the end of the period, if it goes on as since its beginning",
            "budget",
            "period"),
    /** How a budget is doing. */
    BUDGET_STATE(
            "thac_budget_state",
            Kind.GAUGE,
            "0 ok, 1 warn, 2 used up and events go on without it, 3 used up or paused and calls"
                    + " wait",
            "budget"),
    /** Records of a sink that are done. */
    SINK_RECORDS(
            "thac_sink_records_total",
            Kind.COUNTER,
            "Records of a sink that are done: written, or refused and dead-lettered",
            "pipeline",
            "sink",
            "outcome"),
    /** Attempts of a sink that failed and are made again. */
    SINK_RETRIES(
            "thac_sink_retries_total",
            Kind.COUNTER,
            "Attempts of a sink that failed and are made again",
            "pipeline",
            "sink"),
    /** How long a sink's target takes for a batch. */
    SINK_WRITE(
            "thac_sink_write_seconds",
            Kind.SECONDS,
            "How long the target of a sink takes for a batch",
            "pipeline",
            "sink"),
    /** Records a sink has still to write. */
    SINK_LAG_RECORDS(
            "thac_sink_lag_records",
            Kind.GAUGE,
            "Records a sink has still to write",
            "pipeline",
            "sink"),
    /** Whether the target of a sink takes nothing now. */
    SINK_HELD(
            "thac_sink_held",
            Kind.GAUGE,
            "1 while the target of a sink takes nothing and the sink waits, else 0",
            "pipeline",
            "sink"),
    /** Always 1. */
    BUILD_INFO("thac_build_info", Kind.GAUGE, "Always 1", "version"),
    /** 0 stopped, 1 running, 2 draining, 3 failed, 4 paused. */
    PIPELINE_STATE(
            "thac_pipeline_state",
            Kind.GAUGE,
            "0 stopped, 1 running, 2 draining, 3 failed, 4 paused",
            "pipeline");

    private final String family;
    private final Kind kind;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    private final List<String> labels;

    Metric(String family, Kind kind, String help, String... labels) {
        this.family = family;
        this.kind = kind;
        this.help = help;
        this.labels = List.of(labels);
    }

    /**
     * The name as scraped, for example {@code thac_events_in_total}.
     *
     * @return the family name
     */
    public String family() {
        return family;
    }

    /**
     * What kind it is.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * What it counts.
     *
     * @return one line
     */
    public String help() {
        return help;
    }

    /**
     * Label names, in the order in which values are given.
     *
     * @return names
     */
    public List<String> labels() {
        return labels;
    }

    /** How a metric behaves. */
    public enum Kind {
        /** Only grows. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** Distribution of counts. */
        HISTOGRAM,
        /** Distribution of times, buckets 5 ms to 60 s. */
        SECONDS,
        /** Distribution of shares, step 0.05. */
        RATIO
    }
}
