package dev.thac.app.faults;

import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.EmbeddedKafkaSettings;
import dev.thac.testkit.guarantee.AllAccounted;
import dev.thac.testkit.guarantee.CaughtUp;
import dev.thac.testkit.guarantee.ExactlyOnceEffect;
import dev.thac.testkit.guarantee.Guarantee;
import dev.thac.testkit.guarantee.NoLoss;
import dev.thac.testkit.guarantee.Report;
import dev.thac.testkit.guarantee.SettledLogs;
import dev.thac.testkit.proxy.FaultProxy;
import dev.thac.testkit.simulator.Latency;
import dev.thac.testkit.simulator.PaidCalls;
import dev.thac.testkit.simulator.Simulator;
import dev.thac.testkit.simulator.SimulatorSettings;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;

/** A broker, a proxy in front of it, a simulated model and the program, for a class of tests. */
final class Stage implements AutoCloseable {

    private final PaidCalls paid = new PaidCalls();
    private final FaultProxy proxy = FaultProxy.start();
    private final EmbeddedKafka kafka;
    private final Simulator simulator;
    private final Installation installation;

    /**
     * Sets everything up.
     *
     * @param latency how long the model takes
     */
    Stage(Duration latency) {
        installation = Installation.trained();
        kafka = EmbeddedKafka.start(EmbeddedKafkaSettings.DEFAULT.withAdvertisedPort(proxy.port()));
        proxy.forwardTo(kafka.port());
        simulator =
                Simulator.start(SimulatorSettings.DEFAULT.withLatency(new Latency.Fixed(latency)));
        simulator.onPaid(paid::add);
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    /** What stands between the program and the broker. */
    FaultProxy proxy() {
        return proxy;
    }

    Simulator simulator() {
        return simulator;
    }

    PaidCalls paid() {
        return paid;
    }

    /**
     * A pipeline of its own.
     *
     * @param name of pipeline, topics and group
     * @param more further sections of the pipeline file
     */
    Site site(String name, int partitions, String more) {
        return site(name, partitions, more, file -> file);
    }

    /**
     * A pipeline of its own, whose file differs.
     *
     * @param edit changes the file
     */
    Site site(String name, int partitions, String more, UnaryOperator<String> edit) {
        return new Site(
                new Site.Ground(
                        kafka.bootstrapServers(),
                        kafka::createTopic,
                        simulator,
                        paid,
                        installation),
                name,
                partitions,
                more,
                edit);
    }

    /** A pipeline of its own on another broker. */
    Site site(String name, String brokers, int partitions) {
        return new Site(
                new Site.Ground(
                        brokers,
                        (topic, many) -> createTopic(brokers, topic, many),
                        simulator,
                        paid,
                        installation),
                name,
                partitions,
                "");
    }

    private static void createTopic(String brokers, String name, int partitions) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("could not create " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating " + name, e);
        }
    }

    /** The program with a command line of its own. */
    Program program(String... arguments) {
        return new Program.Launch(installation, List.of(arguments), List.of(), Map.of()).start();
    }

    /** Holds what a run left behind against every promise, and further ones; prints the report. */
    static Report verify(String title, Site site, Guarantee... further) {
        List<Guarantee> promises =
                new ArrayList<>(
                        List.of(
                                new NoLoss(),
                                new ExactlyOnceEffect(),
                                new AllAccounted(site.deadLetters()),
                                new SettledLogs(),
                                new CaughtUp()));
        promises.addAll(Arrays.asList(further));
        Report report = site.checker().check(promises.toArray(Guarantee[]::new));
        Figures.print(title + ": " + report.text().strip());
        report.verify();
        return report;
    }

    @Override
    public void close() {
        simulator.close();
        proxy.close();
        kafka.close();
    }
}
