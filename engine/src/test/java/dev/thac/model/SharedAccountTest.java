package dev.thac.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.TokenUsage;
import dev.thac.resilience.CircuitBreaker.Pass;
import dev.thac.resilience.ConcurrencyLimit;
import dev.thac.resilience.SimulatedTime;
import dev.thac.spec.Rate;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Instances with endless work on one provider account of 600 calls and 100,000 tokens a minute, in
 * simulated time: no sliding minute sees more, also while partitions move, and nearly all is used.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedAccountTest {

    private static final int CALLS = 600;
    private static final int TOKENS = 100_000;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final double MOST = 1.02;
    private static final double LEAST = 0.95;
    private static final int PARTITIONS = 12;

    /** What an account takes to use a share that has grown. */
    private static final Duration GROWN = Duration.ofSeconds(5);

    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<Disturbance> disturbances = new ArrayList<>();
    private Random random = new Random(0);
    private SimulatedTime time = new SimulatedTime(0);
    private Optional<Bucket> provider = Optional.empty();

    /** A call at the provider. */
    private record Arrival(long at, long tokens) {}

    /** A time in which shares move. */
    private record Disturbance(long from, long until) {}

    /** What came in a sliding minute, at most; and at least where nothing moved. */
    private record Figures(
            double mostCalls, double mostTokens, double leastCalls, double leastTokens) {}

    @ParameterizedTest
    @CsvSource({"1, 100", "2, 100", "3, 100", "1, 140", "2, 200", "1, 400", "2, 400", "3, 400"})
    void instancesTogetherUseTheAccountAndNoSlidingMinuteSeesMore(long seed, int tokens)
            throws Exception {
        Figures figures = run(seed, tokens, true);

        assertThat(figures.mostCalls()).as(figures.toString()).isLessThanOrEqualTo(MOST);
        assertThat(figures.mostTokens()).as(figures.toString()).isLessThanOrEqualTo(MOST);
        assertThat(Math.max(figures.leastCalls(), figures.leastTokens()))
                .as(figures.toString())
                .isGreaterThanOrEqualTo(LEAST);
    }

    /** The control: every instance takes the account for its own. */
    @Test
    void withoutTheirSharesInstancesPassTheLimits() throws Exception {
        assertThat(run(1, 100, false).mostCalls()).isGreaterThan(1.9);
        assertThat(run(1, 400, false).mostTokens()).isGreaterThan(1.9);
    }

    @Test
    void aLoneInstanceUsesTheWholeAccountFromItsFirstMinuteOn() throws Exception {
        begin(5);
        Instance only = new Instance(100);
        only.hold(PARTITIONS, true);

        time.runUntil(Duration.ofMinutes(3));
        only.die();

        assertThat(figures(0).leastCalls()).isGreaterThanOrEqualTo(LEAST);
        assertThat(figures(0).mostCalls()).isLessThanOrEqualTo(MOST);
    }

    @Test
    void anInstanceWithoutPartitionsMakesNoCallUntilItHoldsSome() throws Exception {
        begin(6);
        Instance idle = new Instance(100);
        idle.hold(0, true);

        time.runUntil(Duration.ofMinutes(2));
        assertThat(arrivals).isEmpty();
        idle.hold(PARTITIONS, true);
        time.runUntil(Duration.ofMinutes(3));

        assertThat(arrivals).hasSizeGreaterThan((int) (LEAST * CALLS));
        idle.die();
    }

    @Test
    void theRateRisesAfterAStartAndAfterALongPause() throws Exception {
        begin(7);
        Instance only = new Instance(100);
        only.hold(PARTITIONS, true);
        time.runUntil(Duration.ofMinutes(1));

        assertThat(calls(0)).isBetween(1, 5);
        assertThat(calls(10)).isBetween(9, 11);
        only.die();
        time.runUntil(Duration.ofSeconds(122));
        only.begin();
        time.runUntil(Duration.ofMinutes(3));

        assertThat(calls(122)).isBetween(1, 8); // a few were saved up
        assertThat(calls(132)).isBetween(9, 11);
        only.die();
    }

    @Test
    void aProviderThatSaysLessThanTheFileIsObeyed() throws Exception {
        begin(8);
        Bucket bucket = new Bucket(300);
        provider = Optional.of(bucket);
        List<Instance> three = three(100);

        time.runUntil(Duration.ofMinutes(5));
        three.forEach(Instance::die);

        assertThat(bucket.refused).isZero();
        Figures figures = figures(10);
        assertThat(figures.mostCalls() * CALLS).isBetween(LEAST * 300, MOST * 300);
        assertThat(figures.leastCalls() * CALLS).isGreaterThanOrEqualTo(LEAST * 300);
    }

    @Test
    void whatOthersTakeFromTheAccountIsLeftToThem() throws Exception {
        begin(9);
        Bucket bucket = new Bucket(CALLS);
        provider = Optional.of(bucket);
        List<Instance> three = three(100);
        time.runUntil(Duration.ofMinutes(2));
        others(bucket, 400);

        time.runUntil(Duration.ofMinutes(8));
        three.forEach(Instance::die);

        assertThat(bucket.refused).isZero();
        double last = arrivals.stream().filter(each -> each.at() >= 7 * MINUTE).count();
        assertThat(last).as("of the 200 that are left").isBetween(0.9 * 200, MOST * 200);
    }

    private void others(Bucket bucket, int perMinute) {
        bucket.take();
        time.in(Duration.ofNanos(MINUTE / perMinute), () -> others(bucket, perMinute));
    }

    private List<Instance> three(int tokens) throws InterruptedException {
        List<Instance> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Instance instance = new Instance(tokens);
            instance.hold(PARTITIONS / 3, true);
            all.add(instance);
        }
        return all;
    }

    /** Three instances come one after another, one leaves, one comes, one dies. */
    private Figures run(long seed, int tokens, boolean shared) throws InterruptedException {
        begin(seed);
        List<Instance> live = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            live.add(new Instance(tokens));
            divide(live, Duration.ZERO, shared);
            time.runUntil(Duration.ofSeconds(4L * (i + 1)));
        }
        time.runUntil(Duration.ofSeconds(150));
        Instance leaves = live.removeFirst();
        leaves.hold(0, shared);
        leaves.die();
        divide(live, Duration.ZERO, shared);
        time.runUntil(Duration.ofSeconds(260));
        live.add(new Instance(tokens));
        divide(live, Duration.ZERO, shared);
        time.runUntil(Duration.ofSeconds(370));
        live.removeFirst().die();
        divide(live, Duration.ofSeconds(45), shared); // its session ends
        time.runUntil(Duration.ofSeconds(520));
        live.forEach(Instance::die);
        return figures(0);
    }

    private void begin(long seed) {
        arrivals.clear();
        disturbances.clear();
        random = new Random(seed);
        time = new SimulatedTime(seed);
        provider = Optional.empty();
    }

    /** Those that get less let go, then the others hear that they have more, each in its time. */
    private void divide(List<Instance> live, Duration after, boolean shared) {
        long began = time.nanos();
        int each = PARTITIONS / live.size();
        for (Instance instance : live) {
            if (instance.partitions > each) {
                instance.hold(each, shared);
            }
        }
        long last = 0;
        for (Instance instance : live) {
            if (instance.partitions < each) {
                long wait = after.toNanos() + random.nextLong(Duration.ofSeconds(2).toNanos());
                last = Math.max(last, wait);
                time.in(Duration.ofNanos(wait), () -> instance.hold(each, shared));
            }
        }
        disturbances.add(new Disturbance(began, began + last + GROWN.toNanos()));
    }

    private int calls(int second) {
        return (int) arrivals.stream().filter(each -> each.at() / 1_000_000_000L == second).count();
    }

    private Figures figures(int fromSecond) {
        arrivals.sort((one, other) -> Long.compare(one.at(), other.at()));
        double mostCalls = 0;
        double mostTokens = 0;
        long tokens = 0;
        int last = 0;
        for (int first = 0; first < arrivals.size(); first++) {
            while (last < arrivals.size()
                    && arrivals.get(last).at() - arrivals.get(first).at() < MINUTE) {
                tokens += arrivals.get(last++).tokens();
            }
            mostCalls = Math.max(mostCalls, last - first);
            mostTokens = Math.max(mostTokens, tokens);
            tokens -= arrivals.get(first).tokens();
        }
        double leastCalls = Double.MAX_VALUE;
        double leastTokens = Double.MAX_VALUE;
        long second = Duration.ofSeconds(1).toNanos();
        for (long from = fromSecond * second; from + MINUTE <= time.nanos(); from += second) {
            long begin = from;
            if (disturbances.stream()
                    .noneMatch(each -> each.from() < begin + MINUTE && each.until() > begin)) {
                List<Arrival> inside =
                        arrivals.stream()
                                .filter(each -> each.at() >= begin && each.at() < begin + MINUTE)
                                .toList();
                leastCalls = Math.min(leastCalls, inside.size());
                leastTokens =
                        Math.min(leastTokens, inside.stream().mapToLong(Arrival::tokens).sum());
            }
        }
        return new Figures(
                mostCalls / CALLS, mostTokens / TOKENS, leastCalls / CALLS, leastTokens / TOKENS);
    }

    /** A process: one account, and a thread that always has a further call. */
    private final class Instance {

        private final ConcurrencyLimit.Flow flow = new ConcurrencyLimit.Flow();
        private final int tokens;
        private final Account account;
        private final Claim claim;
        private SimulatedTime.Worker dispatcher;
        private int partitions;

        Instance(int tokens) throws InterruptedException {
            this.tokens = tokens;
            this.account =
                    new Account(
                            new Account.Key(
                                    Provider.ANTHROPIC, URI.create("http://localhost:1"), "", "m"),
                            new ModelLimitsSpec(
                                    64,
                                    Optional.of(new Rate(CALLS, Duration.ofMinutes(1))),
                                    Optional.of(new Rate(TOKENS, Duration.ofMinutes(1))),
                                    Optional.empty()),
                            4000,
                            new ApiKey("${env:KEY}", Map.of(), false),
                            time,
                            _ -> {});
            this.claim = new Claim("reviews", List.of(account));
            this.dispatcher = time.start(this::call);
        }

        void begin() throws InterruptedException {
            dispatcher = time.start(this::call);
        }

        void hold(int held, boolean shared) {
            partitions = held;
            claim.hold(0, shared ? (double) held / PARTITIONS : 1);
            dispatcher.wake();
        }

        void die() {
            try {
                dispatcher.end();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private void call() throws InterruptedException {
            while (true) {
                int letters = 1 + random.nextInt(2 * 4 * tokens);
                ModelRequest request = new ModelRequest("Judge.", "x".repeat(letters), Map.of(), 1);
                Pass pass = account.breaker().tryEnter().orElseThrow();
                Rates.Reservation reservation = account.reserve(request, pass, flow);
                long used = (long) (letters / 4.0 * (0.8 + 0.4 * random.nextDouble()));
                long started = time.nanos();
                time.in(millis(20), () -> arrive(used));
                time.in(
                        millis(2000),
                        () -> {
                            provider.ifPresent(bucket -> account.correct(bucket.headers()));
                            account.answered(
                                    pass,
                                    request,
                                    reservation,
                                    started,
                                    new TokenUsage(used, 0, 0, 10, 0));
                            dispatcher.wake();
                        });
            }
        }

        private void arrive(long used) {
            arrivals.add(new Arrival(time.nanos(), used));
            provider.ifPresent(Bucket::take);
        }

        private Duration millis(int most) {
            return Duration.ofMillis(1 + random.nextInt(most));
        }
    }

    /** A provider's limit: it holds a minute's worth and refills all the time. */
    private final class Bucket {

        private final double limit;
        private double left;
        private long looked;
        private int refused;

        Bucket(double limit) {
            this.limit = limit;
            this.left = limit;
        }

        void take() {
            look();
            if (left < 1) {
                refused++;
            } else {
                left--;
            }
        }

        /** As Anthropic says it: whole calls, whole seconds. */
        RateLimits headers() {
            look();
            long seconds = (long) Math.ceil((limit - left) / limit * 60);
            return new RateLimits(
                    Optional.of(
                            new RateLimits.Window(
                                    limit, Math.floor(left), Duration.ofSeconds(seconds))),
                    Optional.empty(),
                    Optional.empty());
        }

        private void look() {
            left = Math.min(limit, left + (time.nanos() - looked) * limit / MINUTE);
            looked = time.nanos();
        }
    }
}
