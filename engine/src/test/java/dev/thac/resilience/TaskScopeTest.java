package dev.thac.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TaskScopeTest {

    @Test
    void tasksRunSideBySideAndOneFailureLeavesTheOthersAlone() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        try (TaskScope scope = TaskScope.open("test")) {
            Future<Integer> good =
                    scope.fork(
                            () -> {
                                both.countDown();
                                both.await();
                                return 42;
                            });
            Future<Integer> bad =
                    scope.fork(
                            () -> {
                                both.countDown();
                                both.await();
                                throw new IllegalStateException("no");
                            });

            scope.join();

            assertThat(good.resultNow()).isEqualTo(42);
            assertThat(bad.exceptionNow()).hasMessage("no");
            assertThatThrownBy(scope::joinOrThrow)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("no");
        }
    }

    @Test
    void firstFailureInterruptsTheOthersWhereThatIsWanted() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        try (TaskScope scope = TaskScope.failFast("test")) {
            Future<Object> slow = scope.fork(() -> sleepForEver(started, interrupted));
            scope.fork(
                    () -> {
                        started.await();
                        throw new IllegalStateException("no");
                    });

            assertThatThrownBy(scope::joinOrThrow).hasRootCauseMessage("no");
            assertThat(slow.isCancelled()).isTrue();
            assertThat(scope.fork(() -> 1).isCancelled()).isTrue();
        }
        assertThat(interrupted).isTrue();
    }

    @Test
    void closingEndsWhatStillRuns() throws Exception {
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        try (TaskScope scope = TaskScope.open("test")) {
            Future<Object> task = scope.fork(() -> sleepForEver(started, interrupted));
            started.await();
            assertThat(task.isDone()).isFalse();
        }

        assertThat(interrupted).isTrue();
    }

    private static Object sleepForEver(CountDownLatch started, AtomicBoolean interrupted) {
        started.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            interrupted.set(true);
        }
        return interrupted;
    }
}
