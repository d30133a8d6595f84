package dev.thac.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thac.event.Money;
import dev.thac.resilience.ManualTicker;
import dev.thac.resilience.TaskScope;
import dev.thac.spec.Share;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;

/** Budgets of a process, on a log in memory. */
class LedgerTest {

    private static final Money CENT = new Money(10_000_000);
    private static final Money DOLLAR = new Money(1_000_000_000);

    private final ManualTicker ticker = noon();
    private final SharedLog log = new SharedLog();
    private int processes;

    @Test
    void aLeaseIsUsedOnlyWhenItWasReadBack() throws Exception {
        Ledger ledger = ledger();
        Budget budget = ledger.budget("reviews", spec(DOLLAR, AtLimit.PAUSE));
        log.follow(ledger);

        try (TaskScope scope = TaskScope.open("asker")) {
            Spending spending = ledger.spending(List.of(budget));
            Future<Spending.Hold> asked = scope.fork(() -> spending.reserve(CENT));
            await().until(() -> log.size() == 1);
            assertThat(asked.isDone()).isFalse();

            log.deliver();

            asked.get().settle(CENT);
        }
        assertThat(budget.standing().spentHere()).isEqualTo(CENT);
    }

    @Test
    void aCallIsCoveredByAllBudgetsOrByNone() throws Exception {
        Ledger ledger = ledger();
        Budget wide = ledger.budget("wide", spec(DOLLAR, AtLimit.PAUSE));
        Budget narrow = ledger.budget("narrow", spec(CENT, AtLimit.DEGRADE));
        log.follow(ledger);
        Spending both = ledger.spending(List.of(wide, narrow));
        reserve(both, CENT).settle(CENT);

        assertThatThrownBy(() -> reserve(both, CENT))
                .isInstanceOfSatisfying(
                        BudgetException.class,
                        refused -> {
                            assertThat(refused.refusal().budget()).isEqualTo("narrow");
                            assertThat(refused.refusal().atLimit()).isEqualTo(AtLimit.DEGRADE);
                            assertThat(refused.refusal().left()).isEqualTo(Money.ZERO);
                            assertThat(refused.refusal().periodEnd())
                                    .isEqualTo(Instant.parse("2026-11-02T00:00:00Z"));
                        });
        assertThat(wide.standing().reservedHere()).isEqualTo(Money.ZERO);
        assertThat(wide.standing().spentHere()).isEqualTo(CENT);
    }

    @Test
    void aCallWaitsWhileAnotherMayGiveBackEnough() throws Exception {
        Ledger ledger = ledger();
        Budget budget = ledger.budget("reviews", spec(CENT, AtLimit.PAUSE));
        log.follow(ledger);
        Spending spending = ledger.spending(List.of(budget));
        Spending.Hold open = reserve(spending, CENT);

        try (TaskScope scope = TaskScope.open("asker")) {
            Future<Spending.Hold> asked = scope.fork(() -> spending.reserve(new Money(9_000_000)));
            log.deliver();
            assertThat(asked.isDone()).isFalse();

            open.settle(new Money(1_000_000));

            asked.get().charge();
        }
        assertThat(budget.standing().spentHere()).isEqualTo(CENT);
        assertThatThrownBy(() -> reserve(spending, new Money(1)))
                .isInstanceOf(BudgetException.class);
    }

    @Test
    void aRaisedLimitWakesWhoWaitsForAChange() throws Exception {
        Ledger ledger = ledger();
        Budget budget = ledger.budget("reviews", spec(CENT, AtLimit.PAUSE));
        log.follow(ledger);
        Spending spending = ledger.spending(List.of(budget));
        BudgetException refused = refusal(spending, DOLLAR);
        assertThat(refused.refusal().forever()).isTrue();

        try (TaskScope scope = TaskScope.open("asker")) {
            Future<Boolean> waits =
                    scope.fork(
                            () -> {
                                spending.awaitChange(refused, Duration.ofHours(1));
                                return true;
                            });
            assertThat(waits.isDone()).isFalse();

            budget.limit(DOLLAR);

            assertThat(waits.get()).isTrue();
        }
        reserve(spending, DOLLAR).settle(CENT);
    }

    @Test
    void aLoweredLimitHoldsAtOnce() throws Exception {
        Ledger ledger = ledger();
        Budget budget = ledger.budget("reviews", spec(DOLLAR, AtLimit.PAUSE));
        log.follow(ledger);
        Spending spending = ledger.spending(List.of(budget));
        reserve(spending, new Money(500_000_000)).settle(CENT);

        budget.limit(CENT);
        log.deliver();

        assertThatThrownBy(() -> reserve(spending, new Money(1)))
                .isInstanceOf(BudgetException.class);
    }

    @Test
    void aPausedBudgetRefusesWithoutHarmToEvents() throws Exception {
        Ledger ledger = ledger();
        Budget budget = ledger.budget("reviews", spec(DOLLAR, AtLimit.DEAD_LETTER));
        log.follow(ledger);
        Spending spending = ledger.spending(List.of(budget));

        budget.paused(true);

        assertThat(refusal(spending, CENT).refusal().atLimit()).isEqualTo(AtLimit.PAUSE);
        assertThat(budget.standing().state()).isEqualTo(BudgetState.PAUSED);
        budget.paused(false);
        reserve(spending, CENT).release();
        assertThat(budget.standing().spentHere()).isEqualTo(Money.ZERO);
    }

    @Test
    void whatIsFreeIsNeverAskedNorBlocked() throws Exception {
        Ledger unreachable = ledger();
        Budget budget = unreachable.budget("reviews", spec(CENT, AtLimit.PAUSE));
        budget.paused(true);

        unreachable.spending(List.of(budget)).reserve(Money.ZERO).settle(Money.ZERO);

        assertThat(log.size()).isZero();
    }

    @Test
    void aRestartAtNinetyNinePercentStaysThere() throws Exception {
        Ledger killed = ledger();
        Budget before = killed.budget("reviews", spec(DOLLAR, AtLimit.PAUSE));
        log.follow(killed);
        for (int call = 0; call < 99; call++) {
            reserve(killed.spending(List.of(before)), CENT).settle(CENT);
        }

        Ledger restarted = ledger();
        Budget after = restarted.budget("reviews", spec(DOLLAR, AtLimit.PAUSE));
        log.follow(restarted);
        Spending spending = restarted.spending(List.of(after));

        assertThat(after.standing().used()).isBetween(new Money(990_000_000), DOLLAR);
        assertThat(after.standing().state()).isEqualTo(BudgetState.WARN);
        assertThat(refusal(spending, new Money(10_000_001)).refusal().left())
                .isLessThanOrEqualTo(CENT);
    }

    @Test
    void aCleanStopGivesBackAllThatIsNotSpent() throws Exception {
        Ledger stopped = ledger();
        Budget before = stopped.budget("reviews", spec(DOLLAR, AtLimit.PAUSE));
        log.follow(stopped);
        reserve(stopped.spending(List.of(before)), new Money(400_000_000)).settle(CENT);

        stopped.close();

        Ledger next = ledger();
        Budget after = next.budget("reviews", spec(DOLLAR, AtLimit.PAUSE));
        log.follow(next);
        assertThat(after.standing().used()).isEqualTo(CENT);
    }

    @Test
    void aNewPeriodBeginsWithTheWholeLimit() throws Exception {
        Ledger ledger = ledger();
        Budget budget = ledger.budget("reviews", spec(CENT, AtLimit.PAUSE));
        log.follow(ledger);
        Spending spending = ledger.spending(List.of(budget));
        reserve(spending, CENT).settle(CENT);
        BudgetException refused = refusal(spending, CENT);

        ticker.advance(Duration.between(ticker.now(), refused.refusal().periodEnd()));
        assertThat(refusal(spending, CENT).refusal().budget()).isEqualTo("reviews");
        ticker.advance(CallWindow.USUAL.clockSkew().plusMillis(1));

        reserve(spending, CENT).settle(CENT);
    }

    @Test
    void aCallAcrossTheEndOfAPeriodCountsInBoth() throws Exception {
        Ledger ledger = ledger();
        Budget budget = ledger.budget("reviews", spec(DOLLAR, AtLimit.PAUSE));
        log.follow(ledger);
        ticker.advance(Duration.ofHours(12).minusSeconds(30));
        Spending.Hold across = reserve(ledger.spending(List.of(budget)), CENT);
        Spending.Hold within = reserve(ledger.spending(List.of(budget)), CENT);

        within.settle(CENT);
        ticker.advance(Duration.ofMinutes(1));
        across.settle(CENT);

        assertThat(budget.standing().period().start())
                .isEqualTo(Instant.parse("2026-11-02T00:00:00Z"));
        assertThat(budget.standing().spentHere()).isEqualTo(CENT);
    }

    @Test
    void aLeaseThatCannotBeReadCountsAsEverything() {
        Ledger ledger = ledger();
        Budget budget = ledger.budget("reviews", spec(DOLLAR, AtLimit.PAUSE));
        log.append(
                "lease|reviews|2026-11-01T00:00:00Z|other~1|0",
                "{\"v\":2,\"share\":0.5}".getBytes(StandardCharsets.UTF_8));
        log.append("cost|reviews|x", "{}".getBytes(StandardCharsets.UTF_8));
        log.follow(ledger);

        assertThatThrownBy(() -> reserve(ledger.spending(List.of(budget)), CENT))
                .isInstanceOf(BudgetException.class);
    }

    @Test
    void aLeaseIsNeverMadeLargerByALaterRecord() throws Exception {
        Ledger ledger = ledger();
        Budget budget = ledger.budget("reviews", spec(DOLLAR, AtLimit.PAUSE));
        LeaseRecord small =
                new LeaseRecord(
                        "reviews",
                        Instant.parse("2026-11-01T00:00:00Z"),
                        "other~1",
                        0,
                        CENT.nanos(),
                        Instant.EPOCH);
        LeaseRecord large =
                new LeaseRecord(
                        small.budget(),
                        small.period(),
                        "other~1",
                        0,
                        DOLLAR.nanos(),
                        Instant.EPOCH);
        log.append(small.key(), small.value());
        log.append(large.key(), large.value());
        log.follow(ledger);

        assertThat(budget.standing().used()).isEqualTo(CENT);
        reserve(ledger.spending(List.of(budget)), new Money(990_000_000)).release();
    }

    /** Far from the end of any day. */
    private static ManualTicker noon() {
        ManualTicker ticker = new ManualTicker();
        ticker.advance(Duration.ofHours(12));
        return ticker;
    }

    private Ledger ledger() {
        return new Ledger(
                "process~" + processes++, log, CallWindow.USUAL, ticker::now, ticker::nanos);
    }

    private static BudgetSpec spec(Money limit, AtLimit atLimit) {
        return new BudgetSpec(limit, BudgetPeriod.DAY, "UTC", new Share(0.8), atLimit);
    }

    /** Reserves while the log is delivered. */
    private Spending.Hold reserve(Spending spending, Money worst) throws Exception {
        try (TaskScope scope = TaskScope.open("asker")) {
            Future<Spending.Hold> asked = scope.fork(() -> spending.reserve(worst));
            while (!asked.isDone()) {
                log.deliver();
                Thread.onSpinWait();
            }
            scope.join();
            if (asked.state() == Future.State.FAILED
                    && asked.exceptionNow() instanceof BudgetException refused) {
                throw refused;
            }
            return asked.get();
        }
    }

    private BudgetException refusal(Spending spending, Money worst) throws Exception {
        try {
            reserve(spending, worst).release();
        } catch (BudgetException refused) {
            return refused;
        }
        throw new AssertionError("not refused");
    }
}
