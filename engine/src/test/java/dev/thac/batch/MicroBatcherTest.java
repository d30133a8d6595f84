package dev.thac.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.resilience.ManualTicker;
import dev.thac.resilience.Ticker;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

class MicroBatcherTest {

    private static final Duration WAIT = Duration.ofSeconds(5);

    private final ManualTicker ticker = new ManualTicker();
    private final Meters meters = new Meters();
    private final ConcurrentLinkedQueue<List<Integer>> calls = new ConcurrentLinkedQueue<>();

    @Test
    void hundredEventsWithSizeTenMakeExactlyTenCalls() throws Exception {
        MicroBatcher<Integer, String> batcher = batcher(bounds(10, WAIT, 0));

        List<Future<String>> answers = submitAll(batcher, 100);

        for (int i = 0; i < 100; i++) {
            assertThat(answers.get(i).get()).isEqualTo("answer " + i);
        }
        assertThat(calls).hasSize(10).allSatisfy(call -> assertThat(call).hasSize(10));
        assertThat(meters.value(Metric.BATCH_FLUSH, "p", "small", "size")).isEqualTo(10);
    }

    @Test
    void oneEventAfterAQuietMinuteWaitsTheWholeTime() throws Exception {
        MicroBatcher<Integer, String> batcher = batcher(bounds(10, WAIT, 0));
        ticker.advance(Duration.ofMinutes(1));

        Future<String> answer = submit(batcher, 1);
        await().until(() -> ticker.waiting() == 1);
        ticker.advance(WAIT.minusMillis(1));
        await().until(() -> ticker.waiting() == 1);
        assertThat(calls).isEmpty();
        ticker.advance(Duration.ofMillis(1));

        assertThat(answer.get()).isEqualTo("answer 1");
        assertThat(meters.value(Metric.BATCH_FLUSH, "p", "small", "time")).isEqualTo(1);
    }

    @Test
    void timeCountsFromTheFirstEventOfTheBatch() throws Exception {
        MicroBatcher<Integer, String> batcher = batcher(bounds(10, WAIT, 0));

        Future<String> first = submit(batcher, 1);
        await().until(() -> ticker.waiting() == 1);
        ticker.advance(Duration.ofSeconds(4));
        Future<String> second = submit(batcher, 2);
        awaitParked(batcher, 2);
        ticker.advance(Duration.ofSeconds(1));

        assertThat(first.get()).isEqualTo("answer 1");
        assertThat(second.get()).isEqualTo("answer 2");
        assertThat(calls).containsExactly(List.of(1, 2));
    }

    @Test
    void timeAloneHasASafeSize() throws Exception {
        BatchSpec spec = new BatchSpec(Optional.empty(), Optional.of(WAIT), Optional.empty());
        MicroBatcher<Integer, String> batcher = batcher(BatchBounds.of(spec, 7));

        List<Future<String>> answers = submitAll(batcher, 14);

        for (Future<String> answer : answers) {
            answer.get();
        }
        assertThat(calls).hasSize(2);
    }

    @Test
    void sizeAloneWaitsUntilFullOrFlushed() throws Exception {
        BatchSpec spec = new BatchSpec(Optional.of(3), Optional.empty(), Optional.empty());
        MicroBatcher<Integer, String> batcher = batcher(BatchBounds.of(spec, 50));

        List<Future<String>> answers = submitAll(batcher, 4);
        await().until(() -> calls.size() == 1);
        ticker.advance(Duration.ofDays(1));
        awaitParked(batcher, 1);
        assertThat(answers.stream().filter(Future::isDone).count()).isLessThanOrEqualTo(3);
        batcher.flush();

        for (Future<String> answer : answers) {
            answer.get();
        }
        assertThat(calls).hasSize(2);
        assertThat(meters.value(Metric.BATCH_FLUSH, "p", "small", "drain")).isEqualTo(1);
    }

    @Test
    void tokensCloseABatchBeforeTheItemThatDoesNotFit() throws Exception {
        MicroBatcher<Integer, String> batcher =
                batcher(new BatchBounds(50, Optional.of(WAIT), 100));

        Future<String> first = submit(batcher, 60);
        awaitParked(batcher, 1);
        Future<String> second = submit(batcher, 41);
        assertThat(first.get()).isEqualTo("answer 60");
        Future<String> third = submit(batcher, 59);

        assertThat(second.get()).isEqualTo("answer 41");
        assertThat(third.get()).isEqualTo("answer 59");
        assertThat(calls).containsExactly(List.of(60), List.of(41, 59));
        assertThat(meters.value(Metric.BATCH_FLUSH, "p", "small", "tokens")).isEqualTo(2);
    }

    @Test
    void anItemLargerThanTheTokenBoundGoesAlone() throws Exception {
        MicroBatcher<Integer, String> batcher = batcher(new BatchBounds(50, Optional.empty(), 100));

        assertThat(submit(batcher, 1000).get()).isEqualTo("answer 1000");
    }

    @Test
    void whileDrainingAnItemWaitsForNoOthers() throws Exception {
        MicroBatcher<Integer, String> batcher = batcher(bounds(10, WAIT, 0));
        Future<String> waiting = submit(batcher, 1);
        awaitParked(batcher, 1);

        assertThat(batcher.submitNow(2, 1)).isEqualTo("answer 2");

        assertThat(waiting.get()).isEqualTo("answer 1");
        assertThat(calls).containsExactly(List.of(1, 2));
    }

    @Test
    void interruptedSubmittersLeaveAndTheOthersGoOn() throws Exception {
        MicroBatcher<Integer, String> batcher = batcher(bounds(3, WAIT, 0));
        Thread leaver =
                Thread.ofVirtual()
                        .start(
                                () ->
                                        assertThatThrownBy(() -> batcher.submit(1, 1))
                                                .isInstanceOf(InterruptedException.class));
        awaitParked(batcher, 1);
        Future<String> second = submit(batcher, 2);
        awaitParked(batcher, 2);

        leaver.interrupt();
        leaver.join();
        Future<String> third = submit(batcher, 3);
        awaitParked(batcher, 2);
        Future<String> fourth = submit(batcher, 4);

        assertThat(second.get()).isEqualTo("answer 2");
        assertThat(third.get()).isEqualTo("answer 3");
        assertThat(fourth.get()).isEqualTo("answer 4");
        assertThat(calls).containsExactly(List.of(2, 3, 4));
    }

    @Test
    void theCallIsInterruptedOnlyWhenNobodyWaitsForItAnyMore() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        MicroBatcher<Integer, String> batcher =
                new MicroBatcher<>(
                        bounds(2, WAIT, 0),
                        tickets -> {
                            called.countDown();
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                interrupted.countDown();
                                throw e;
                            }
                        },
                        "p",
                        "small",
                        meters,
                        ticker);
        Thread first = Thread.ofVirtual().start(() -> submitQuietly(batcher, 1));
        Thread second = Thread.ofVirtual().start(() -> submitQuietly(batcher, 2));
        called.await();

        first.interrupt();
        first.join();
        assertThat(interrupted.getCount()).isEqualTo(1);
        second.interrupt();
        second.join();

        interrupted.await();
    }

    @Test
    void eachItemIsAnsweredAsSoonAsItsAnswerIsKnown() throws Exception {
        CountDownLatch later = new CountDownLatch(1);
        MicroBatcher<Integer, String> batcher =
                new MicroBatcher<>(
                        bounds(2, WAIT, 0),
                        tickets -> {
                            tickets.getFirst().complete("at once");
                            later.await();
                            tickets.getLast().complete("later");
                        },
                        "p",
                        "small",
                        meters,
                        ticker);
        Future<String> first = submit(batcher, 1);
        awaitParked(batcher, 1);
        Future<String> second = submit(batcher, 2);

        assertThat(first.get()).isEqualTo("at once");
        assertThat(second.isDone()).isFalse();
        later.countDown();
        assertThat(second.get()).isEqualTo("later");
    }

    @Test
    void aDefectInTheCallReachesEverySubmitter() {
        MicroBatcher<Integer, String> batcher =
                new MicroBatcher<>(
                        bounds(2, WAIT, 0),
                        tickets -> {
                            throw new ThacException(ErrorCode.INTERNAL, "broken");
                        },
                        "p",
                        "small",
                        meters,
                        ticker);

        assertThatThrownBy(() -> batcher.submitNow(1, 1))
                .isInstanceOf(ThacException.class)
                .hasMessage("broken");
    }

    @Test
    void nothingIsLostOrAnsweredTwiceUnderRandomInterruptsAndFlushes() throws Exception {
        MicroBatcher<Integer, String> batcher =
                new MicroBatcher<>(
                        new BatchBounds(8, Optional.of(Duration.ofMillis(2)), 100),
                        this::answer,
                        "p",
                        "small",
                        meters,
                        Ticker.system());
        Random random = new Random(7);
        AtomicInteger answered = new AtomicInteger();
        AtomicInteger left = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            int item = i;
            threads.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            String answer = batcher.submit(item, 1 + item % 30);
                                            assertThat(answer).isEqualTo("answer " + item);
                                            answered.incrementAndGet();
                                        } catch (InterruptedException e) {
                                            left.incrementAndGet();
                                        }
                                    }));
            if (random.nextInt(10) == 0) {
                threads.get(random.nextInt(threads.size())).interrupt();
            }
            if (random.nextInt(100) == 0) {
                batcher.flush();
            }
        }

        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(answered.get() + left.get()).isEqualTo(5000);
        assertThat(calls).allSatisfy(call -> assertThat(call.size()).isBetween(1, 8));
        assertThat(calls.stream().flatMap(List::stream)).doesNotHaveDuplicates();
    }

    private MicroBatcher<Integer, String> batcher(BatchBounds bounds) {
        return new MicroBatcher<>(bounds, this::answer, "p", "small", meters, ticker);
    }

    private void answer(List<Ticket<Integer, String>> tickets) {
        calls.add(tickets.stream().map(Ticket::item).toList());
        tickets.forEach(ticket -> ticket.complete("answer " + ticket.item()));
    }

    private static BatchBounds bounds(int size, Duration wait, int tokens) {
        return new BatchBounds(size, Optional.of(wait), tokens == 0 ? Integer.MAX_VALUE : tokens);
    }

    private static List<Future<String>> submitAll(
            MicroBatcher<Integer, String> batcher, int count) {
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(submit(batcher, i));
        }
        return answers;
    }

    private static Future<String> submit(MicroBatcher<Integer, String> batcher, int item) {
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        Future<String> answer = executor.submit(() -> batcher.submit(item, Math.max(item, 1)));
        executor.shutdown();
        return answer;
    }

    private static void submitQuietly(MicroBatcher<Integer, String> batcher, int item) {
        assertThatThrownBy(() -> batcher.submit(item, 1)).isInstanceOf(InterruptedException.class);
    }

    private static void awaitParked(MicroBatcher<Integer, String> batcher, int items) {
        await().until(() -> batcher.waiting() == items);
    }
}
