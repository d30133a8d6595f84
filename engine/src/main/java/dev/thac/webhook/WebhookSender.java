package dev.thac.webhook;

import dev.thac.event.Signature;
import dev.thac.resilience.Threads;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;

/**
 * Posts JSON to one address, one attempt for a call. Each call carries an {@code Idempotency-Key},
 * and with a secret it is signed; see {@link Signature}. Redirects are not followed. Thread-safe.
 */
public final class WebhookSender implements AutoCloseable {

    private static final String IDEMPOTENCY = "Idempotency-Key";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final URI url;
    private final Optional<String> secret;
    private final Ticker ticker;

    /** Made with the first call: building it loads the machine's certificates. */
    private @Nullable HttpClient client;

    /**
     * A sender that is not connected.
     *
     * @param url where to
     * @param secret signs the bodies
     * @param ticker the time
     */
    public WebhookSender(URI url, Optional<String> secret, Ticker ticker) {
        this.url = url;
        this.secret = secret;
        this.ticker = ticker;
    }

    /**
     * Whether a call may have a header.
     *
     * @param name its name
     * @return false for names that are none, and for those that belong to the connection or to us
     */
    public static boolean headerName(String name) {
        if (name.equalsIgnoreCase(IDEMPOTENCY) || name.equalsIgnoreCase(Signature.HEADER)) {
            return false;
        }
        try {
            HttpRequest.Builder _ =
                    HttpRequest.newBuilder(URI.create("http://localhost")).setHeader(name, "x");
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /**
     * Posts once and waits for the answer.
     *
     * @param body JSON
     * @param key the same for every attempt of the same call, and no other's
     * @param headers further headers; their names are checked
     * @param timeout the longest wait
     * @return what the receiver said
     * @throws IOException when nothing was said; its message may hold the address
     * @throws IllegalArgumentException for a header whose text cannot be one
     * @throws InterruptedException when the thread is interrupted
     */
    public Answer post(byte[] body, String key, Map<String, String> headers, Duration timeout)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url)
                        .timeout(timeout)
                        .setHeader("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (Map.Entry<String, String> header : headers.entrySet()) {
            try {
                request.setHeader(header.getKey(), header.getValue());
            } catch (IllegalArgumentException e) { // its message has the text
                throw new IllegalArgumentException(
                        "header " + header.getKey() + " would hold what a header cannot", e);
            }
        }
        request.setHeader(IDEMPOTENCY, key);
        secret.ifPresent(
                shared ->
                        request.setHeader(
                                Signature.HEADER,
                                Signature.of(shared, ticker.now().getEpochSecond(), body)));
        HttpResponse<Void> response =
                client().send(request.build(), HttpResponse.BodyHandlers.discarding());
        return new Answer(response.statusCode(), retryAfter(response));
    }

    /**
     * Where calls go, for people: an address may hold a secret, its host does not.
     *
     * @return the host
     */
    public String host() {
        return String.valueOf(url.getHost());
    }

    /** Ends calls that are under way. */
    @Override
    public synchronized void close() {
        HttpClient made = client;
        client = null;
        if (made != null) {
            made.shutdownNow();
        }
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

    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .connectTimeout(CONNECT)
                            .executor(Threads.virtual("thac-webhook"))
                            .build();
            client = made;
        }
        return made;
    }
}
