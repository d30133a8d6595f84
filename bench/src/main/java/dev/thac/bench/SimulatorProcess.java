package dev.thac.bench;

import dev.thac.testkit.simulator.Latency;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;

import java.io.IOException;

/** The simulator's own process; a main class for {@link ChildProcess}. */
public final class SimulatorProcess {

    private SimulatorProcess() {}

    /**
     * Runs a faultless simulator until standard input ends.
     *
     * @param args the latency, as {@code 42ms} or {@code lognormal:3s,0.6}
     * @throws IOException when standard input cannot be read
     */
    public static void main(String[] args) throws IOException {
        SimulatorSettings settings = SimulatorSettings.DEFAULT.withLatency(Latency.parse(args[0]));
        try (Simulator simulator = Simulator.start(settings)) {
            ChildProcess.serve(simulator.baseUri().toString());
        }
    }
}
