package dev.thac.observe;

import dev.thac.event.Signature;
import dev.thac.resilience.Threads;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/**
 * Posts messages to an address. With a secret, each is signed; see {@link Signature}. Thread-safe.
 */
public final class Webhook implements AlertCourier.Channel {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final URI uri;
    private final Optional<String> secret;
    private final Ticker ticker;

    /** Made with the first message: building it loads the machine's certificates. */
    private @Nullable HttpClient client;

    /**
     * A webhook.
     *
     * @param uri where to
     * @param secret signs the body
     * @param ticker the time
     */
    public Webhook(URI uri, Optional<String> secret, Ticker ticker) {
        this.uri = uri;
        this.secret = secret;
        this.ticker = ticker;
    }

    @Override
    public String kind() {
        return "webhook";
    }

    @Override
    public void deliver(AlertMessage message) throws UndeliveredException, InterruptedException {
        byte[] body = message.json();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri)
                        .timeout(TIMEOUT)
                        .header("content-type", "application/json")
                        .header("Idempotency-Key", message.id())
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        secret.ifPresent(
                key ->
                        request.header(
                                Signature.HEADER,
                                Signature.of(key, ticker.now().getEpochSecond(), body)));
        int status;
        try {
            status =
                    client().send(request.build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode();
        } catch (IOException e) {
            throw new UndeliveredException(
                    uri.getHost() + " cannot be reached: " + e.getClass().getSimpleName(), true);
        }
        if (status < 200 || status > 299) {
            boolean later = status >= 500 || status == 408 || status == 429;
            throw new UndeliveredException(uri.getHost() + " answers " + status, later);
        }
    }

    @Override
    public synchronized void close() {
        HttpClient made = client;
        if (made != null) {
            made.shutdownNow();
        }
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
