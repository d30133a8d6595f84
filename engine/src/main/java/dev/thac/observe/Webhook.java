package dev.thac.observe;

import dev.thac.resilience.Threads;
import dev.thac.resilience.Ticker;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Posts messages to an address. With a secret, each is signed as Stripe signs its webhooks: {@code
 * Thac-Signature: t=SECONDS,v1=HEX}, where HEX is the HMAC-SHA256 of {@code SECONDS.BODY}; a
 * receiver computes the same and refuses old times. Thread-safe.
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
                                "Thac-Signature",
                                signature(key, ticker.now().getEpochSecond(), body)));
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

    /**
     * The value of the signature header.
     *
     * @param secret the shared secret
     * @param seconds the time, in seconds since 1970
     * @param body what is sent
     * @return for example {@code t=1793491200,v1=5257a8…}
     */
    static String signature(String secret, long seconds, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((seconds + ".").getBytes(StandardCharsets.UTF_8));
            return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
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
