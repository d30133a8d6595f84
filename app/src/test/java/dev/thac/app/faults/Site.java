package dev.thac.app.faults;

import static org.awaitility.Awaitility.await;

import dev.thac.testkit.broker.TopicReader;
import dev.thac.testkit.guarantee.Checker;
import dev.thac.testkit.guarantee.Evidence;
import dev.thac.testkit.guarantee.PaidOnce;
import dev.thac.testkit.simulator.PaidCall;
import dev.thac.testkit.simulator.PaidCalls;
import dev.thac.testkit.simulator.Simulator;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * One pipeline with topics of its own, a model that is simulated, and events whose text begins with
 * their number, by which calls and events recognise each other.
 */
final class Site {

    private static final String FILE =
            """
            pipeline: NAME
            source:
              topic: NAME.in
              group: NAME
              format: json
              start: earliest
            analyses:
              mood:
                task: Say what mood the text is in.
                input: "{{ value.text }}"
                output:
                  mood: { enum: [good, bad] }
                cache: { mode: off }
                tiers:
                  - model: small
                    batch: { size: 10, wait: 20ms }
            routes:
              - to: NAME.out
            failures:
              retry: { attempts: 3, backoff: 100ms, maxBackoff: 1s }
              deadLetter: NAME.dlq
            limits: { openEvents: 1280 }
            models:
              small:
                provider: anthropic
                model: claude-haiku-5-5
                effort: low
                maxOutputTokens: 4000
                limits: { concurrency: 128 }
            """;

    private final String brokers;
    private final Simulator simulator;
    private final PaidCalls paid;
    private final String name;
    private final int partitions;
    private final Ground ground;
    private final Path file;
    private final Installation installation;

    /**
     * Where a site stands.
     *
     * @param brokers bootstrap servers
     * @param topics creates topics that can be used at once: name, partitions
     * @param simulator the model
     * @param paid hears of the simulator's paid calls
     * @param installation the program
     */
    record Ground(
            String brokers,
            BiConsumer<String, Integer> topics,
            Simulator simulator,
            PaidCalls paid,
            Installation installation) {}

    Site(Ground ground, String name, int partitions, String more) {
        this(ground, name, partitions, more, file -> file);
    }

    /**
     * A site whose file differs.
     *
     * @param edit changes the file, names filled in
     */
    Site(Ground ground, String name, int partitions, String more, UnaryOperator<String> edit) {
        this.ground = ground;
        this.brokers = ground.brokers();
        this.simulator = ground.simulator();
        this.paid = ground.paid();
        this.installation = ground.installation();
        this.name = name;
        this.partitions = partitions;
        this.file = write(edit.apply(FILE.replace("NAME", name) + more.replace("NAME", name)));
        ground.topics().accept(in(), partitions);
        ground.topics().accept(out(), partitions);
        ground.topics().accept(deadLetters(), 1);
    }

    String out() {
        return name + ".out";
    }

    /** Makes the topic of the journal, for a file that has one. */
    void journal() {
        ground.topics().accept(name + ".journal", partitions);
    }

    /** How often the answer to each question is in the journal. */
    Map<String, Integer> journalled() {
        Map<String, Integer> times = new HashMap<>();
        TopicReader.readCommitted(brokers)
                .drain(name + ".journal")
                .forEach(
                        record ->
                                times.merge(
                                        new String(record.key(), StandardCharsets.UTF_8),
                                        1,
                                        Integer::sum));
        return times;
    }

    String in() {
        return name + ".in";
    }

    /** Writes events, from the first to one before the end, in turn to all partitions. */
    void produce(int first, int end) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", brokers, "linger.ms", "5"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int i = first; i < end; i++) {
                String value =
                        "{\"id\":\"%s-%d\",\"text\":\"%s-%d hàng tốt\"}"
                                .formatted(name, i, name, i);
                sent.add(
                        producer.send(
                                new ProducerRecord<>(
                                        in(),
                                        i % partitions,
                                        null,
                                        value.getBytes(StandardCharsets.UTF_8))));
            }
        }
        sent.forEach(Future::resultNow);
    }

    /** Waits until so many instances have partitions, or this one has ended. */
    void awaitMembers(int members, Program instance) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            await().atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(
                            () ->
                                    instance.exit(Duration.ZERO).isPresent()
                                            || admin
                                                            .describeConsumerGroups(List.of(name))
                                                            .all()
                                                            .get()
                                                            .get(name)
                                                            .members()
                                                            .stream()
                                                            .filter(Site::reads)
                                                            .count()
                                                    >= members);
        }
    }

    private static boolean reads(MemberDescription member) {
        return !member.assignment().topicPartitions().isEmpty();
    }

    /** An instance of the program. */
    Program start(String instance, String... options) {
        return launch(instance, List.of(options), List.of()).start();
    }

    /** An instance that ends when it has read what there is. */
    Program startToEnd(String instance, List<String> options) {
        return launch(instance, options, List.of("--exit-at-end")).start();
    }

    private Program.Launch launch(String instance, List<String> options, List<String> more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "run",
                                file.toString(),
                                "--brokers",
                                brokers,
                                "--instance",
                                instance,
                                "--port",
                                "0"));
        arguments.addAll(more);
        return new Program.Launch(
                installation,
                arguments,
                options,
                Map.of(
                        "ANTHROPIC_BASE_URL",
                        simulator.baseUri().toString(),
                        "ANTHROPIC_API_KEY",
                        "simulated"));
    }

    /** Follows the outputs as a committed reader does. */
    Follower follow() {
        return new Follower(brokers, out());
    }

    /** Everything that can be held against the promises. */
    Checker checker() {
        return Checker.of(brokers)
                .reading(in())
                .writing(out(), name + ".dlq")
                .by(name)
                .paying(this::calls);
    }

    /** The calls that were paid for this site so far. */
    List<PaidCall> calls() {
        return paid.all().stream()
                .filter(call -> call.inputs().getFirst().startsWith(name + '-'))
                .toList();
    }

    /** Nothing may be paid twice. */
    PaidOnce paidOnce() {
        return new PaidOnce(
                input ->
                        input.value()
                                .map(Evidence.Value::text)
                                .map(text -> text.substring(text.indexOf(':') + 2))
                                .map(text -> text.substring(0, text.indexOf('"')))
                                .orElse(""),
                text -> text.substring(0, Math.max(0, text.indexOf(' '))));
    }

    String deadLetters() {
        return name + ".dlq";
    }

    private static Path write(String text) {
        try {
            Path file = Files.createTempFile("faults-", ".yaml");
            file.toFile().deleteOnExit();
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
