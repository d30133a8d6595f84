package dev.thac.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.TokenUsage;
import dev.thac.resilience.CircuitBreaker.Pass;
import dev.thac.resilience.ConcurrencyLimit;
import dev.thac.resilience.Ticker;
import dev.thac.spec.Rate;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.Condition;

/** Declared limits are used, and kept in every period; time is simulated, timers are late. */
class DeclaredRateTest {

    private static final double USED = 0.97;
    private static final int PERIODS = 40;
    private static final ModelRequest REQUEST = Requests.twoReviews();

    private final LateTicker ticker = new LateTicker();
    private final ConcurrencyLimit.Flow flow = new ConcurrencyLimit.Flow();
    private final List<Long> calls = new ArrayList<>();

    /** Whoever waits moves time on, by up to two milliseconds too much. */
    private static final class LateTicker implements Ticker {

        private static final int MOST_LATE = 2_000_000;

        private final Random random = new Random(7);
        private long nanos;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos);
        }

        @Override
        public void sleep(Duration wait) {
            nanos += wait.toNanos() + random.nextInt(MOST_LATE);
        }

        @Override
        public void await(Condition condition, long wait) {
            nanos += wait + random.nextInt(MOST_LATE);
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 1s", "1000, 1s", "20, 1s", "4000, 1m", "50, 1m", "10, 1m", "1, 1m"})
    void callsUseTheirRateAndNoPeriodSeesMore(int count, String period) throws Exception {
        Rate rate = new Rate(count, Duration.parse("PT" + period));
        Account account =
                account(
                        new ModelLimitsSpec(
                                64, Optional.of(rate), Optional.empty(), Optional.empty()));
        call(account, TokenUsage.NONE);
        rise(account);
        ticker.sleep(rate.period().dividedBy(2)); // a pause fills the bucket
        calls.clear();
        long began = ticker.nanos();

        while (ticker.nanos() - began < PERIODS * rate.period().toNanos()) {
            call(account, TokenUsage.NONE);
        }

        assertThat((double) calls.size()).isGreaterThanOrEqualTo(USED * count * PERIODS);
        for (int i = 0; i + count < calls.size(); i++) {
            assertThat(calls.get(i + count) - calls.get(i))
                    .as("from call %d on", i)
                    .isGreaterThanOrEqualTo(rate.period().toNanos());
        }
    }

    @ParameterizedTest
    @CsvSource({"100000, 300", "10000, 700"})
    void tokensUseTheirRateAndNoMinuteSeesMuchMore(long perMinute, long tokens) throws Exception {
        Rate rate = new Rate(perMinute, Duration.ofMinutes(1));
        Account account =
                account(
                        new ModelLimitsSpec(
                                64, Optional.empty(), Optional.of(rate), Optional.empty()));
        call(account, new TokenUsage(tokens, 0, 0, 10, 0));
        rise(account);
        ticker.sleep(rate.period().dividedBy(2));
        calls.clear();
        long began = ticker.nanos();

        while (ticker.nanos() - began < PERIODS * rate.period().toNanos()) {
            call(account, new TokenUsage(tokens, 0, 0, 10, 0));
        }

        double used = (double) tokens * calls.size();
        assertThat(used).isGreaterThanOrEqualTo(USED * perMinute * PERIODS);
        int most = (int) (perMinute / tokens) + 2; // one on credit, one cut by the window
        for (int i = 0; i + most < calls.size(); i++) {
            assertThat(calls.get(i + most) - calls.get(i))
                    .isGreaterThanOrEqualTo(rate.period().toNanos());
        }
    }

    /** A start is slow. */
    private void rise(Account account) {
        ticker.sleep(Duration.ofSeconds(5));
        assertThat(account.share()).isEqualTo(1);
    }

    private void call(Account account, TokenUsage usage) throws InterruptedException {
        Pass pass = account.breaker().tryEnter().orElseThrow();
        Rates.Reservation reservation = account.reserve(REQUEST, pass, flow);
        calls.add(ticker.nanos());
        account.answered(pass, REQUEST, reservation, ticker.nanos(), usage);
    }

    private Account account(ModelLimitsSpec limits) {
        return new Account(
                new Account.Key(Provider.ANTHROPIC, URI.create("http://localhost:1"), "", "m"),
                limits,
                4000,
                new ApiKey("${env:KEY}", Map.of(), false),
                ticker,
                _ -> {});
    }
}
