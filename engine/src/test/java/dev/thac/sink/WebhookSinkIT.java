package dev.thac.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thac.spec.Secret;
import dev.thac.spec.TemplateText;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.webhook.WebhookAnswer;
import dev.thac.testkit.webhook.WebhookCall;
import dev.thac.testkit.webhook.WebhookReceiver;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Topics to a webhook that loses answers, refuses, and is away. */
class WebhookSinkIT {

    private static EmbeddedKafka kafka;
    private SinkRig rig;
    private WebhookReceiver receiver;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @BeforeEach
    void rig() {
        rig = new SinkRig(kafka, 2);
        receiver = WebhookReceiver.start(0);
    }

    @AfterEach
    void close() {
        rig.close();
        receiver.close();
    }

    private SinkSpec hook(Duration timeout) {
        return rig.spec(
                Optional.empty(),
                Optional.of(
                        new WebhookSinkSpec(
                                receiver.uri() + "hook",
                                Optional.of(new Secret("${env:KEY}")),
                                Map.of("X-Page", new TemplateText("{{ value.page }}")),
                                timeout,
                                4)),
                Optional.empty());
    }

    private static Connections none() {
        return () -> {
            throw new IllegalStateException("no database here");
        };
    }

    private Sink start(Duration timeout) {
        return rig.start(hook(timeout), none());
    }

    @Test
    void eachRecordIsASignedCallWithItsOwnKeyAndItsBytes() {
        rig.write("k", "{\"page\": \"/a\",  \"n\": 1.50}");

        Sink _ = start(Duration.ofSeconds(5));
        rig.awaitCaughtUp();

        assertThat(receiver.calls()).hasSize(1);
        WebhookCall call = receiver.calls().getFirst();
        assertThat(call.text()).isEqualTo("{\"page\": \"/a\",  \"n\": 1.50}");
        assertThat(call.signed("shared")).isTrue();
        assertThat(call.signed("another")).isFalse();
        assertThat(call.idempotencyKey()).matches(rig.topic() + "-\\d@0");
        assertThat(call.header("x-page")).contains("/a");
        assertThat(call.header("content-type")).contains("application/json");
        assertThat(call.path()).isEqualTo("/hook");
    }

    @Test
    void row44ACallWhoseAnswerIsLostIsMadeAgainWithTheSameBytesAndKey() {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        receiver.answer(
                call ->
                        seen.add(call.idempotencyKey())
                                ? (call.number() % 2 == 0
                                        ? WebhookAnswer.LOST
                                        : WebhookAnswer.OK.after(Duration.ofSeconds(3)))
                                : WebhookAnswer.OK);
        for (int i = 0; i < 8; i++) {
            rig.write("k" + i, "{\"page\":\"/%d\"}".formatted(i));
        }

        Sink sink = start(Duration.ofMillis(500));
        rig.awaitCaughtUp();

        Map<String, List<WebhookCall>> byKey = new HashMap<>();
        receiver.calls()
                .forEach(
                        call ->
                                byKey.computeIfAbsent(call.idempotencyKey(), _ -> new ArrayList<>())
                                        .add(call));
        assertThat(byKey).hasSize(8);
        assertThat(byKey.values())
                .allSatisfy(
                        calls -> {
                            assertThat(calls).hasSizeGreaterThan(1);
                            assertThat(calls)
                                    .extracting(WebhookCall::text)
                                    .containsOnly(calls.getFirst().text());
                            assertThat(calls).allMatch(call -> call.signed("shared"));
                        });
        assertThat(sink.status().written()).isEqualTo(8);
        assertThat(rig.read(rig.deadLetters())).isEmpty();
    }

    @Test
    void anAnswerOf4xxIsADeadLetterAndTheOthersGoOn() {
        receiver.answer(call -> WebhookAnswer.status(call.text().contains("bad") ? 422 : 200));
        rig.write("k", "{\"page\":\"/a\"}");
        rig.write("k", "{\"page\":\"bad\"}");
        rig.write("k", "{\"page\":\"/b\"}");

        Sink sink = start(Duration.ofSeconds(5));
        rig.awaitCaughtUp();

        assertThat(receiver.calls()).hasSize(3);
        List<ConsumerRecord<byte[], byte[]>> dead = rig.read(rig.deadLetters());
        assertThat(dead).hasSize(1);
        assertThat(new String(dead.getFirst().value(), StandardCharsets.UTF_8)).contains("bad");
        assertThat(
                        new String(
                                dead.getFirst().headers().lastHeader("thac.message").value(),
                                StandardCharsets.UTF_8))
                .isEqualTo("127.0.0.1 answers 422");
        await().atMost(SinkRig.PATIENCE).until(() -> sink.status().refused() == 1);
    }

    @Test
    void anOutageHoldsTheSinkWhichAsksSeldomAndLosesNothing() {
        AtomicBoolean away = new AtomicBoolean(true);
        receiver.answer(_ -> away.get() ? WebhookAnswer.status(503) : WebhookAnswer.OK);
        for (int i = 0; i < 100; i++) {
            rig.write("k" + i, "{\"page\":\"/%d\"}".formatted(i));
        }

        Sink sink = start(Duration.ofSeconds(5));
        await().atMost(SinkRig.PATIENCE).until(() -> sink.status().retries() >= 3);
        assertThat(sink.status().state()).isEqualTo("held");
        assertThat(sink.status().trouble()).contains("127.0.0.1 answers 503");
        int asked = receiver.calls().size();
        assertThat(asked).isLessThan(60);
        away.set(false);
        rig.awaitCaughtUp();

        await().atMost(SinkRig.PATIENCE).until(() -> sink.status().written() == 100);
        assertThat(rig.read(rig.deadLetters())).isEmpty();
    }

    @Test
    void retryAfterIsHonoured() {
        receiver.answer(
                call ->
                        call.number() == 1
                                ? WebhookAnswer.status(429).with("Retry-After", "3")
                                : WebhookAnswer.OK);
        rig.write("k", "{\"page\":\"/a\"}");

        Sink _ = start(Duration.ofSeconds(5));
        rig.awaitCaughtUp();

        List<WebhookCall> calls = receiver.calls();
        assertThat(calls).hasSize(2);
        assertThat(Duration.between(calls.get(0).at(), calls.get(1).at()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void recordsOfAKeyGoOneAfterTheOtherAndNoMoreCallsAtATimeThanTheFileSays() {
        Duration work = Duration.ofMillis(20);
        receiver.answer(
                call -> WebhookAnswer.status(call.number() % 13 == 0 ? 500 : 200).after(work));
        for (int i = 0; i < 200; i++) {
            rig.write("k" + i % 10, "{\"page\":\"%d %d\"}".formatted(i % 10, i));
        }

        Sink _ = start(Duration.ofSeconds(5));
        rig.awaitCaughtUp();

        Map<String, Integer> last = new HashMap<>();
        for (WebhookCall call : receiver.calls()) {
            String[] parts = call.header("x-page").orElseThrow().split(" ", -1);
            int number = Integer.parseInt(parts[1]);
            assertThat(last.getOrDefault(parts[0], -1)).isLessThanOrEqualTo(number);
            last.put(parts[0], number);
        }
        assertThat(mostWithin(Duration.ofMillis(15))).isBetween(2, 4);
    }

    /** The most calls that arrived in so short a time; they were all open then. */
    private int mostWithin(Duration window) {
        List<WebhookCall> calls = receiver.calls();
        int most = 0;
        int first = 0;
        for (int last = 0; last < calls.size(); last++) {
            while (Duration.between(calls.get(first).at(), calls.get(last).at()).compareTo(window)
                    > 0) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }
}
