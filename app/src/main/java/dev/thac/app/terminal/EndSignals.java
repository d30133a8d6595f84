package dev.thac.app.terminal;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * SIGINT and SIGTERM while a command runs: the first lets the process exit in order, the second
 * ends it where it is. By itself the virtual machine leaves a second one waiting until the order is
 * through. The class of the JDK that hears signals is reached by name, because the compiler warns
 * of it; on a virtual machine without it signals do what they always do.
 */
final class EndSignals implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(EndSignals.class);

    /** Name to number: 128 and the number is the exit code of who ended by it. */
    private static final Map<String, Integer> SIGNALS = Map.of("INT", 2, "TERM", 15);

    private static final int SIGNALLED = 128;

    private final Map<String, Object> before = new LinkedHashMap<>();
    private final AtomicBoolean told = new AtomicBoolean();

    private EndSignals() {}

    /** Hears them from now on. */
    static EndSignals heard() {
        EndSignals signals = new EndSignals();
        try {
            for (Map.Entry<String, Integer> each : SIGNALS.entrySet()) {
                Object before = handle(each.getKey(), signals.handler(each.getValue()));
                signals.before.put(each.getKey(), before);
            }
        } catch (ReflectiveOperationException e) {
            LOGGER.debug("a second signal does nothing", e);
        }
        return signals;
    }

    private Object handler(int number) throws ReflectiveOperationException {
        MethodHandle end =
                MethodHandles.lookup()
                        .bind(
                                this,
                                "end",
                                MethodType.methodType(void.class, int.class, Object.class));
        return MethodHandleProxies.asInterfaceInstance(
                Class.forName("sun.misc.SignalHandler"),
                MethodHandles.insertArguments(end, 0, number));
    }

    /** Gives a signal to a handler and returns the one before. */
    private static Object handle(String name, Object handler) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        return signal.getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
                .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
    }

    /** Runs on a thread of its own for each signal. */
    @SuppressWarnings("UnusedMethod") // called by its handle
    private void end(int number, @SuppressWarnings("unused") Object signal) {
        if (told.compareAndSet(false, true)) {
            System.exit(SIGNALLED + number);
        } else {
            Runtime.getRuntime().halt(SIGNALLED + number);
        }
    }

    /** Leaves them to whom they were before, unless one has come. */
    @Override
    public void close() {
        if (told.get()) {
            return; // another one still ends the process at once
        }
        try {
            for (Map.Entry<String, Object> each : before.entrySet()) {
                Object _ = handle(each.getKey(), each.getValue());
            }
        } catch (ReflectiveOperationException e) {
            LOGGER.debug("signals are heard on", e);
        }
    }
}
