package dev.thac.recover;

import dev.thac.event.Delivery;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.JsonText;
import dev.thac.event.SinkRecord;
import dev.thac.event.Trail;
import dev.thac.event.Verdict;
import dev.thac.spec.DataSize;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes dead-letter records: key, value, headers and timestamp of the source record, untouched, so
 * that any tool can replay them; behind those headers, the reason:
 *
 * <ul>
 *   <li>{@code thac.source}: the original coordinates, topic-partition@offset
 *   <li>{@code thac.pipeline}, {@code thac.stage}: who refused it, and where
 *   <li>{@code thac.reason}: the error code's label; {@code thac.message}: what exactly
 *   <li>{@code thac.attempts}: attempts for this event; {@code thac.first-failure}: when the first
 *       one failed, ISO 8601
 *   <li>{@code thac.cost.nanos}, {@code thac.tokens}: what it cost so far; left out where zero
 *   <li>{@code thac.analysis.<name>}: the fields of an analysis that was settled before, as JSON
 *   <li>{@code thac.truncated}: {@code true} where the value was too large to be written here and
 *       was left out
 * </ul>
 *
 * <p>Where the source record has headers of these names, ours are the later ones. Immutable and
 * thread-safe.
 */
public final class DeadLetters {

    private static final DataSize UNLIMITED = new DataSize(Long.MAX_VALUE);

    private final Header pipeline;
    private final String topic;
    private final DataSize largest;

    /**
     * Dead letters of any size.
     *
     * @param pipeline the pipeline's name
     * @param topic where they go
     */
    public DeadLetters(String pipeline, String topic) {
        this(pipeline, topic, UNLIMITED);
    }

    /**
     * Dead letters whose value fits the topic.
     *
     * @param pipeline the pipeline's name
     * @param topic where they go
     * @param largest the largest value; a larger one is left out
     */
    public DeadLetters(String pipeline, String topic, DataSize largest) {
        this.pipeline = Header.text("thac.pipeline", pipeline);
        this.topic = topic;
        this.largest = largest;
    }

    /**
     * Makes the record of one event.
     *
     * @param delivery the event as it came
     * @param failure why it could not be settled
     * @param trail what was done for it
     * @param attempts attempts in all
     * @param firstFailure when the first of them failed
     * @return the record
     */
    public SinkRecord record(
            Delivery delivery, Failure failure, Trail trail, int attempts, Instant firstFailure) {
        byte[] value = delivery.value();
        boolean truncated = value != null && value.length > largest.bytes();
        List<Header> headers = new ArrayList<>(delivery.headers());
        headers.add(Header.text("thac.source", delivery.id().toString()));
        headers.add(pipeline);
        headers.add(Header.text("thac.stage", failure.stage()));
        headers.add(Header.text("thac.reason", failure.code().label()));
        headers.add(Header.text("thac.message", failure.message()));
        headers.add(Header.text("thac.attempts", Integer.toString(attempts)));
        headers.add(Header.text("thac.first-failure", firstFailure.toString()));
        addSum(headers, "thac.cost.nanos", trail.cost().nanos());
        addSum(headers, "thac.tokens", trail.usage().total());
        for (Verdict verdict : trail.verdicts()) {
            if (verdict.result() instanceof Verdict.Result.Answered(Map<String, Object> fields)) {
                headers.add(
                        new Header("thac.analysis." + verdict.analysis(), JsonText.bytes(fields)));
            }
        }
        if (truncated) {
            headers.add(Header.text("thac.truncated", "true"));
        }
        return new SinkRecord(
                topic,
                null,
                delivery.timestamp(),
                delivery.key(),
                truncated ? null : value,
                List.copyOf(headers));
    }

    private static void addSum(List<Header> headers, String name, long sum) {
        if (sum != 0) {
            headers.add(new Header(name, Long.toString(sum).getBytes(StandardCharsets.UTF_8)));
        }
    }
}
