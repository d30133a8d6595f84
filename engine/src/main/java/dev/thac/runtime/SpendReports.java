package dev.thac.runtime;

import dev.thac.cost.SpendBook;
import dev.thac.cost.SpendDay;
import dev.thac.cost.SpendDayJson;
import dev.thac.event.ThacException;
import dev.thac.kafka.SpendTopic;
import dev.thac.resilience.Ticker;

import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Writes what a running pipeline has spent to the brokers: every half minute what has changed, and
 * the rest at its end. What cannot be written is written with the next report; a process that is
 * killed leaves out at most what came after its last one.
 */
final class SpendReports implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration LAST_WORD = Duration.ofSeconds(10);

    private final SpendBook book;
    private final SpendTopic topic;
    private final String instance;
    private final Ticker ticker;
    private final BiConsumer<String, Exception> trouble;
    private final String run = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final CountDownLatch ending = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("thac-spend").unstarted(this::run);
    private final Map<LocalDate, SpendDay> written = new HashMap<>();
    private String lastTrouble = "";

    private SpendReports(
            SpendBook book,
            SpendTopic topic,
            String instance,
            Ticker ticker,
            BiConsumer<String, Exception> trouble) {
        this.book = book;
        this.topic = topic;
        this.instance = instance;
        this.ticker = ticker;
        this.trouble = trouble;
    }

    /**
     * Reports of one start of a pipeline; not begun yet.
     *
     * @param book what it spends
     * @param spec the pipeline
     * @param settings where it runs
     * @param ticker the time
     * @param trouble told once what goes wrong
     * @return the reports
     */
    static SpendReports of(
            SpendBook book,
            PipelineSpec spec,
            RuntimeSettings settings,
            Ticker ticker,
            BiConsumer<String, Exception> trouble) {
        SpendTopic topic =
                new SpendTopic(
                        settings.brokers(), Preflight.kafka(spec, settings), spec.pipeline());
        return new SpendReports(book, topic, settings.instance(), ticker, trouble);
    }

    void start() {
        book.report();
        thread.start();
    }

    /** Writes what is left and ends. */
    @Override
    public void close() {
        ending.countDown();
        try {
            boolean _ = thread.join(LAST_WORD);
        } catch (InterruptedException _) { // the thread ends by itself
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (topic) {
            boolean last = false;
            while (!last) {
                last = ending.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                report();
            }
        } catch (InterruptedException _) { // nobody interrupts it but the end of the process
            Thread.currentThread().interrupt();
        }
    }

    private void report() throws InterruptedException {
        Map<LocalDate, SpendDay> changed = new HashMap<>();
        Map<String, byte[]> records = new LinkedHashMap<>();
        for (SpendDay day : book.snapshot(ticker.now())) {
            if (!day.equals(written.get(day.day()))) {
                changed.put(day.day(), day);
                records.put(SpendDayJson.key(day, instance, run), SpendDayJson.write(day));
            }
        }
        if (records.isEmpty()) {
            return;
        }
        try {
            topic.write(records);
            written.putAll(changed);
            lastTrouble = "";
        } catch (ThacException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(lastTrouble)) {
                trouble.accept("what was spent is not on record", e);
                lastTrouble = message;
            }
        }
    }
}
