package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.cost.AtLimit;
import dev.thac.cost.Budget;
import dev.thac.cost.BudgetException;
import dev.thac.cost.BudgetPeriod;
import dev.thac.cost.BudgetSpec;
import dev.thac.cost.Spending;
import dev.thac.event.Money;
import dev.thac.resilience.TaskScope;
import dev.thac.resilience.Ticker;
import dev.thac.spec.Share;
import dev.thac.testkit.broker.EmbeddedKafka;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Budgets that several instances share through a topic. */
class LedgerTopicIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Money LIMIT = new Money(200_000_000);
    private static final Money CALL = new Money(1_000_000);
    private static final AtomicInteger TOPICS = new AtomicInteger();
    private static EmbeddedKafka kafka;

    private final String topic = "l" + TOPICS.incrementAndGet() + ".ledger";
    private final ConcurrentLinkedQueue<String> troubles = new ConcurrentLinkedQueue<>();
    private final List<LedgerTopic> open = new ArrayList<>();

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @AfterEach
    void end() {
        open.forEach(LedgerTopic::close);
    }

    @Test
    void instancesThatSpendAtOnceNeverPassTheLimitAndUseIt() throws Exception {
        AtomicLong bill = new AtomicLong();
        try (TaskScope scope = TaskScope.open("spender")) {
            List<Future<Void>> spenders = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Spending spending = spending(ledger(kafka.bootstrapServers()));
                for (int thread = 0; thread < 4; thread++) {
                    Random random = new Random(10L * i + thread);
                    spenders.add(scope.fork(() -> spendAll(spending, bill, random)));
                }
            }
            for (Future<Void> spender : spenders) {
                spender.get();
            }
        }

        assertThat(bill.get()).isBetween(LIMIT.nanos() * 9 / 10, LIMIT.nanos());
        assertThat(troubles).isEmpty();
    }

    @Test
    void aRestartFindsWhatAKilledInstanceHasTaken() throws Exception {
        LedgerTopic killed = ledger(kafka.bootstrapServers());
        Spending before = spending(killed);
        for (int call = 0; call < 198; call++) {
            before.reserve(CALL).settle(CALL);
        }

        LedgerTopic restarted = ledger(kafka.bootstrapServers());
        Budget budget = restarted.budget("reviews", spec());
        Spending after = restarted.spending(List.of(budget));
        int calls = 0;
        try {
            while (true) {
                after.reserve(CALL).settle(CALL);
                calls++;
            }
        } catch (BudgetException refused) {
            assertThat(refused.refusal().left()).isLessThan(CALL);
        }

        assertThat(calls).isLessThanOrEqualTo(2);
        assertThat(budget.standing().used().nanos()).isGreaterThanOrEqualTo(198 * CALL.nanos());
    }

    @Test
    void aCleanStopGivesTheRestToTheOthers() throws Exception {
        LedgerTopic stopped = ledger(kafka.bootstrapServers());
        spending(stopped).reserve(LIMIT).settle(CALL);

        stopped.close();

        Spending other = spending(ledger(kafka.bootstrapServers()));
        other.reserve(new Money(LIMIT.nanos() - CALL.nanos())).release();
    }

    @Test
    void aBudgetThatIsDeclaredLaterKnowsItsPastToo() throws Exception {
        LedgerTopic first = ledger(kafka.bootstrapServers());
        Budget monthly = first.budget("monthly", spec());
        first.spending(List.of(monthly)).reserve(LIMIT).settle(LIMIT);

        LedgerTopic second = ledger(kafka.bootstrapServers());
        spending(second).reserve(CALL).settle(CALL);
        Spending late = second.spending(List.of(second.budget("monthly", spec())));

        assertThat(refused(() -> late.reserve(CALL))).isTrue();
    }

    @Test
    void paidCallsWaitWhileTheLedgerCannotBeReachedAndFreeOnesDoNot() throws Exception {
        EmbeddedKafka broker = EmbeddedKafka.start();
        try (broker) {
            LedgerTopic ledger = ledger(broker.bootstrapServers());
            Spending spending = spending(ledger);
            spending.reserve(CALL).settle(CALL);
            broker.stop();

            try (TaskScope scope = TaskScope.open("spender")) {
                Future<Spending.Hold> paid = scope.fork(() -> spending.reserve(LIMIT_LESS_CALL));
                spending.reserve(Money.ZERO).settle(Money.ZERO);
                await().atMost(PATIENCE).until(() -> ledger.trouble().isPresent());
                assertThat(ledger.trouble()).get().asString().contains("paid calls wait");
                assertThat(paid.isDone()).isFalse();

                broker.restart();

                await().atMost(PATIENCE).until(paid::isDone);
                paid.get().settle(CALL);
            }
            await().atMost(PATIENCE).until(() -> ledger.trouble().isEmpty());
            ledger.close();
        }
    }

    @Test
    void aTopicThatForgetsTooSoonIsRefused() {
        kafka.createTopic(topic, 1, Map.of("retention.ms", "3600000"));
        LedgerTopic ledger = ledger(kafka.bootstrapServers());
        ledger.budget("reviews", spec());

        await().atMost(PATIENCE).until(() -> ledger.trouble().isPresent());

        assertThat(ledger.trouble()).get().asString().contains("retention.ms");
    }

    private static final Money LIMIT_LESS_CALL = new Money(LIMIT.nanos() - CALL.nanos());

    private static Void spendAll(Spending spending, AtomicLong bill, Random random)
            throws InterruptedException {
        try {
            while (true) {
                Spending.Hold hold = spending.reserve(CALL);
                long actual = random.nextLong(CALL.nanos());
                bill.addAndGet(actual);
                hold.settle(new Money(actual));
            }
        } catch (BudgetException _) { // the end
            return null;
        }
    }

    private static boolean refused(Callable<?> action) throws Exception {
        try {
            Object _ = action.call();
            return false;
        } catch (BudgetException | ExecutionException _) {
            return true;
        }
    }

    private Spending spending(LedgerTopic ledger) {
        return ledger.spending(List.of(ledger.budget("reviews", spec())));
    }

    private static BudgetSpec spec() {
        return new BudgetSpec(LIMIT, BudgetPeriod.MONTH, "UTC", new Share(0.8), AtLimit.PAUSE);
    }

    private LedgerTopic ledger(String brokers) {
        LedgerTopic ledger =
                LedgerTopic.of(
                        new LedgerSettings("i" + open.size(), brokers, topic, Map.of()),
                        Ticker.system(),
                        (what, _) -> troubles.add(what));
        open.add(ledger);
        return ledger;
    }
}
