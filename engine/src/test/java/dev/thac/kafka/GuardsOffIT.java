package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thac.testkit.broker.EmbeddedKafka;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** As {@link GuardsOffTest}, for a guard whose absence only real brokers notice. */
class GuardsOffIT {

    @TempDir private Path directory;

    /** G10: the lane of a copy goes round in its drain as before, but does not poll. */
    @Test
    void aDrainThatDoesNotPollIsNoticed() throws Exception {
        ChangedPackage changed = new ChangedPackage(directory);
        changed.replace(
                "LaneLoop",
                "            flushBatches();\n            turn();",
                """
                            flushBatches();
                            collect();
                            emission.advance(task.ticker().nanos(), false);
                            task.ticker().park(1_000_000);
                """);

        try (URLClassLoader loader = changed.load();
                EmbeddedKafka kafka = EmbeddedKafka.start()) {
            Method run =
                    loader.loadClass(DrainScenario.class.getName())
                            .getDeclaredMethod("run", EmbeddedKafka.class);
            run.setAccessible(true);

            assertThatThrownBy(() -> run.invoke(null, kafka))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("judged once each");
        }
    }
}
