package dev.thac.sink;

import dev.thac.decode.Decoder;
import dev.thac.decode.Decoders;
import dev.thac.decode.Format;
import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.recover.SinkLetters;
import dev.thac.resilience.TaskScope;
import dev.thac.resilience.Ticker;
import dev.thac.webhook.Answer;
import dev.thac.webhook.WebhookSender;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
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

    /** Calls in a row without an answer that make the others of a batch wait too. */
    private static final int AWAY = 3;

    private final WebhookSettings settings;
    private final WebhookSender sender;
    private final Decoder json = Decoders.of(Format.JSON);
    private final Semaphore places;

    /**
     * A target that connects with the first record.
     *
     * @param settings the address
     * @param ticker the time
     */
    WebhookTarget(WebhookSettings settings, Ticker ticker) {
        this.settings = settings;
        this.sender = new WebhookSender(settings.url(), settings.secret(), ticker);
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
        Delivery delivery = record.delivery();
        byte[] body = delivery.value();
        if (body == null) {
            return refused(ErrorCode.NULL_VALUE, "the record has no value");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        if (!settings.headers().isEmpty()) {
            switch (json.decode(delivery)) {
                case Decoder.Result.Undecodable(Failure why) -> {
                    return refused(why.code(), why.message());
                }
                case Decoder.Result.Decoded(Event event) ->
                        settings.headers()
                                .forEach((name, text) -> headers.put(name, text.render(event)));
            }
        }
        Answer answer;
        try {
            answer = sender.post(body, delivery.id().toString(), headers, settings.timeout());
        } catch (IllegalArgumentException e) {
            return refused(ErrorCode.WRONG_TYPE, String.valueOf(e.getMessage()));
        } catch (IOException e) { // its message may hold the address, and that a secret
            throw new UnavailableException(
                    sender.host() + " does not answer: " + e.getClass().getSimpleName());
        }
        if (answer.taken()) {
            return Optional.empty();
        }
        String what = sender.host() + " answers " + answer.status();
        if (answer.refused()) {
            return refused(ErrorCode.SINK_REFUSED, what);
        }
        throw new UnavailableException(what, answer.retryAfter());
    }

    private static Optional<Failure> refused(ErrorCode code, String message) {
        return Optional.of(new Failure(code, SinkLetters.STAGE, message));
    }

    @Override
    public void close() {
        sender.close();
    }
}
