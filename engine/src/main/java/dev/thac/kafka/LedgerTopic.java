package dev.thac.kafka;

import dev.thac.cost.Budget;
import dev.thac.cost.BudgetSpec;
import dev.thac.cost.CallWindow;
import dev.thac.cost.Ledger;
import dev.thac.cost.Spending;
import dev.thac.resilience.Ticker;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The ledger of one process: its budgets, and the topic in which all instances write what they take
 * of them. Connects on threads of its own when the first budget is asked for. While the topic
 * cannot be reached, calls that need more money than is leased already wait, and {@link #trouble}
 * says why; nothing is spent blindly. Thread-safe.
 */
public final class LedgerTopic implements AutoCloseable {

    /** Name of the topic, unless a project names it otherwise. */
    public static final String NAME = "thac.ledger";

    /** The ledger needs one order of all records. */
    public static final int PARTITIONS = 1;

    /** Settings of a new topic: it remembers twice the longest period, a month. */
    public static final Map<String, String> TOPIC_SETTINGS =
            Map.of(
                    "cleanup.policy",
                    "delete",
                    "retention.ms",
                    Long.toString(Duration.ofDays(62).toMillis()));

    /** A topic with less would forget what was spent in a month that is not over. */
    static final Duration LEAST_RETENTION = Duration.ofDays(33);

    private static final int RUN_DIGITS = 8;
    private static final long COMPLAINT_INTERVAL = Duration.ofSeconds(10).toNanos();

    private final LedgerSettings settings;
    private final Ticker ticker;
    private final Listener listener;
    private final Ledger ledger;
    private final RecordWriter writer;
    private final LedgerReader reader;
    private final AtomicLong nextComplaint;
    private volatile Optional<String> unwritten = Optional.empty();
    private volatile Optional<String> unread = Optional.empty();
    private boolean started;
    private boolean closed;

    /** Who reports; called on any thread. */
    public interface Listener {
        /** Something failed; said at most once in ten seconds. */
        void trouble(String what, Exception cause);
    }

    private LedgerTopic(LedgerSettings settings, Ticker ticker, Listener listener) {
        this.settings = settings;
        this.ticker = ticker;
        this.listener = listener;
        this.nextComplaint = new AtomicLong(ticker.nanos());
        this.writer =
                new RecordWriter(
                        settings.topic(),
                        "thac-ledger-writer",
                        () -> new KafkaProducer<>(ClientSettings.ledgerWriter(settings)),
                        new Written());
        String run = UUID.randomUUID().toString().substring(0, RUN_DIGITS);
        this.ledger =
                new Ledger(
                        settings.instance() + '~' + run,
                        this::append,
                        CallWindow.USUAL,
                        ticker::now,
                        ticker::nanos);
        this.reader =
                new LedgerReader(
                        settings,
                        ledger,
                        () -> new KafkaConsumer<>(ClientSettings.ledgerReader(settings)),
                        new Read());
    }

    /**
     * The ledger of a process; not connected yet.
     *
     * @param settings where it is
     * @param ticker the time
     * @param listener who reports trouble
     * @return the ledger; to be closed
     */
    public static LedgerTopic of(LedgerSettings settings, Ticker ticker, Listener listener) {
        return new LedgerTopic(settings, ticker, listener);
    }

    /**
     * The budget of a name; the first who asks declares it.
     *
     * @param name its name, the same in all processes
     * @param spec limit, period and what happens at the limit
     * @return the budget
     */
    public Budget budget(String name, BudgetSpec spec) {
        Budget budget = ledger.budget(name, spec);
        start();
        return budget;
    }

    /**
     * Leave to spend for an asker to whom these budgets apply.
     *
     * @param budgets budgets of this ledger; where several refuse, the first one speaks
     * @return the leave; without limits if there are no budgets
     */
    public Spending spending(List<Budget> budgets) {
        return ledger.spending(budgets);
    }

    /**
     * Appends a record of another kind, after what was appended before; never blocks. What cannot
     * be written within seconds is given up.
     *
     * @param key its key; must not begin with {@code lease|}
     * @param value its value
     */
    public void append(String key, byte[] value) {
        start();
        writer.append(
                new ProducerRecord<>(
                        settings.topic(),
                        0,
                        ticker.now().toEpochMilli(),
                        key.getBytes(StandardCharsets.UTF_8),
                        value));
    }

    /**
     * Why the ledger cannot be used now.
     *
     * @return empty while it can, and before the first budget
     */
    public Optional<String> trouble() {
        return unread.or(() -> unwritten);
    }

    /** Gives back what is not spent, writes what is still to be written, and ends the threads. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        ledger.close();
        try {
            writer.end();
            reader.end();
        } catch (InterruptedException _) { // both end by themselves
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void start() {
        if (!started && !closed) {
            started = true;
            writer.start();
            reader.start();
        }
    }

    private void complain(String what, Exception cause) {
        long now = ticker.nanos();
        long due = nextComplaint.get();
        if (now >= due && nextComplaint.compareAndSet(due, now + COMPLAINT_INTERVAL)) {
            listener.trouble(what, cause);
        }
    }

    private String said(String what, Exception cause) {
        return "the ledger " + settings.topic() + what + "; paid calls wait: " + cause.getMessage();
    }

    /** What the writer has to say. */
    private final class Written implements RecordWriter.Client {
        @Override
        public void acknowledged() {
            unwritten = Optional.empty();
        }

        @Override
        public void failed(Exception cause) {
            String what = said(" cannot be written", cause);
            unwritten = Optional.of(what);
            complain(what, cause);
        }
    }

    /** What the reader has to say. */
    private final class Read implements LedgerReader.Client {
        @Override
        public void reading() {
            unread = Optional.empty();
        }

        @Override
        public void trouble(Exception cause) {
            String what = said(" cannot be read", cause);
            unread = Optional.of(what);
            complain(what, cause);
        }
    }
}
