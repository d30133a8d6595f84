package dev.thac.sink;

import dev.thac.decode.Decoder;
import dev.thac.decode.Decoders;
import dev.thac.decode.Format;
import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.Signature;
import dev.thac.expression.Template;
import dev.thac.recover.SinkLetters;
import dev.thac.resilience.TaskScope;
import dev.thac.resilience.Threads;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Posts each record to an address: the value's bytes as they are, with an {@code Idempotency-Key}
 * that is the record's place in the sink's topic, so that every attempt for a record is the same
 * request; only the time in its signature differs. Records of one key go one after the other, those
 * of different keys side by side.
 */
final class WebhookTarget implements Target {

    private static final int BATCH = 500;
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /** Calls in a row without an answer that make the others of a batch wait too. */
    private static final int AWAY = 3;

    private final WebhookSettings settings;
    private final Ticker ticker;
    private final Decoder json = Decoders.of(Format.JSON);
    private final Semaphore places;
    private @Nullable HttpClient client;

    /**
     * A target that connects with the first record.
     *
     * @param settings the address
     * @param ticker the time
     */
    WebhookTarget(WebhookSettings settings, Ticker ticker) {
        this.settings = settings;
        this.ticker = ticker;
        this.places = new Semaphore(settings.concurrency());
    }

    @Override
    public int batchSize() {
        return BATCH;
    }

    /** One round over a batch: what stands in the way of the records that are still open. */
    private static final class Round {
        final AtomicInteger unanswered = new AtomicInteger();
        final AtomicReference<@Nullable UnavailableException> trouble = new AtomicReference<>();

        void answered() {
            unanswered.set(0);
        }

        void failed(UnavailableException why) {
            unanswered.incrementAndGet();
            trouble.accumulateAndGet(
                    why,
                    (before, now) ->
                            now == null
                                            || (before != null
                                                    && before.atLeast().compareTo(now.atLeast())
                                                            > 0)
                                    ? before
                                    : now);
        }

        boolean away() {
            return unanswered.get() >= AWAY;
        }
    }

    @Override
    public void write(List<Polled> open, Batch batch)
            throws UnavailableException, InterruptedException {
        Round round = new Round();
        try (TaskScope scope = TaskScope.open("thac-webhook")) {
            for (List<Polled> chain : chains(open)) {
                Future<List<Polled>> _ =
                        scope.fork(
                                () -> {
                                    follow(chain, batch, round);
                                    return chain;
                                });
            }
            scope.joinOrThrow();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a call ended by a defect", e.getCause());
        }
        UnavailableException trouble = round.trouble.get();
        if (trouble != null) {
            throw trouble;
        }
    }

    /** Records that must go one after the other: those of a partition that have the same key. */
    private static Iterable<List<Polled>> chains(List<Polled> open) {
        Map<Object, List<Polled>> chains = new LinkedHashMap<>();
        for (Polled each : open) {
            byte[] key = each.delivery().key();
            Object name =
                    key == null
                            ? each.delivery().id()
                            : Map.entry(each.place(), ByteBuffer.wrap(key));
            chains.computeIfAbsent(name, _ -> new ArrayList<>()).add(each);
        }
        return chains.values();
    }

    private void follow(List<Polled> chain, Batch batch, Round round) throws InterruptedException {
        for (Polled record : chain) {
            places.acquire();
            try {
                if (round.away()) {
                    return;
                }
                Optional<Failure> refused = post(record);
                round.answered();
                if (refused.isPresent()) {
                    batch.refused(record, refused.get());
                } else {
                    batch.done(List.of(record));
                }
            } catch (UnavailableException e) {
                round.failed(e);
                return;
            } finally {
                places.release();
            }
        }
    }

    /** Returns why the record is never taken; empty when it was. */
    private Optional<Failure> post(Polled record)
            throws UnavailableException, InterruptedException {
        HttpRequest request;
        switch (request(record.delivery())) {
            case Made.Request(HttpRequest good) -> request = good;
            case Made.Refused(Failure why) -> {
                return Optional.of(why);
            }
        }
        HttpResponse<Void> response;
        try {
            response = client().send(request, HttpResponse.BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UnavailableException(host() + " does not answer: " + words(e));
        }
        int status = response.statusCode();
        if (status >= 200 && status <= 299) {
            return Optional.empty();
        }
        boolean refused =
                status >= 400 && status <= 499 && status != 408 && status != 425 && status != 429;
        if (refused) {
            return Optional.of(
                    new Failure(
                            ErrorCode.SINK_REFUSED,
                            SinkLetters.STAGE,
                            host() + " answers " + status));
        }
        throw new UnavailableException(host() + " answers " + status, retryAfter(response));
    }

    /** A request, or why none can be made of the record. */
    private sealed interface Made {
        record Request(HttpRequest request) implements Made {}

        record Refused(Failure failure) implements Made {}
    }

    private Made request(Delivery delivery) {
        byte[] body = delivery.value();
        if (body == null) {
            return new Made.Refused(
                    new Failure(
                            ErrorCode.NULL_VALUE, SinkLetters.STAGE, "the record has no value"));
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(settings.url())
                        .timeout(settings.timeout())
                        .setHeader("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!settings.headers().isEmpty()) {
            switch (json.decode(delivery)) {
                case Decoder.Result.Undecodable(Failure why) -> {
                    return new Made.Refused(
                            new Failure(why.code(), SinkLetters.STAGE, why.message()));
                }
                case Decoder.Result.Decoded(Event event) -> {
                    for (Map.Entry<String, Template> each : settings.headers().entrySet()) {
                        try {
                            request.setHeader(each.getKey(), each.getValue().render(event));
                        } catch (IllegalArgumentException _) {
                            return new Made.Refused(
                                    new Failure(
                                            ErrorCode.WRONG_TYPE,
                                            SinkLetters.STAGE,
                                            "header "
                                                    + each.getKey()
                                                    + " would hold what a header cannot"));
                        }
                    }
                }
            }
        }
        request.setHeader("Idempotency-Key", delivery.id().toString());
        settings.secret()
                .ifPresent(
                        secret ->
                                request.setHeader(
                                        Signature.HEADER,
                                        Signature.of(secret, ticker.now().getEpochSecond(), body)));
        return new Made.Request(request.build());
    }

    /** RFC 9110, section 10.2.3: seconds, or a date. */
    private Duration retryAfter(HttpResponse<Void> response) {
        String told = response.headers().firstValue("retry-after").orElse("").strip();
        Duration wait;
        if (told.matches("\\d{1,9}")) {
            wait = Duration.ofSeconds(Long.parseLong(told));
        } else {
            try {
                Instant then =
                        ZonedDateTime.parse(told, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
                wait = Duration.between(ticker.now(), then);
            } catch (DateTimeException _) {
                return Duration.ZERO;
            }
        }
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private String host() {
        return String.valueOf(settings.url().getHost());
    }

    /** An address may hold a secret, so nothing of a message that may quote it is repeated. */
    private static String words(IOException error) {
        return error.getClass().getSimpleName();
    }

    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .connectTimeout(CONNECT)
                            .executor(Threads.virtual("thac-webhook-client"))
                            .build();
            client = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        HttpClient made = client;
        client = null;
        if (made != null) {
            made.shutdownNow();
        }
    }
}
