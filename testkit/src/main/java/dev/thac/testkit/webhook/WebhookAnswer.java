package dev.thac.testkit.webhook;

import java.time.Duration;
import java.util.Map;

/**
 * What a receiver does with a call it has noted.
 *
 * @param status of the answer; 0: none, the connection is closed
 * @param headers of the answer
 * @param delay how long it takes
 */
public record WebhookAnswer(int status, Map<String, String> headers, Duration delay) {

    /** Taken: 204. */
    public static final WebhookAnswer OK = status(204);

    /** Taken, and the answer is lost on the way. */
    public static final WebhookAnswer LOST = status(0);

    /** Copies the headers. */
    public WebhookAnswer {
        headers = Map.copyOf(headers);
    }

    /**
     * An answer at once.
     *
     * @param status its status
     * @return the answer
     */
    public static WebhookAnswer status(int status) {
        return new WebhookAnswer(status, Map.of(), Duration.ZERO);
    }

    /**
     * The same with a header.
     *
     * @param name its name
     * @param value its value
     * @return a copy
     */
    public WebhookAnswer with(String name, String value) {
        return new WebhookAnswer(status, Map.of(name, value), delay);
    }

    /**
     * The same, later.
     *
     * @param wait how long it takes
     * @return a copy
     */
    public WebhookAnswer after(Duration wait) {
        return new WebhookAnswer(status, headers, wait);
    }
}
