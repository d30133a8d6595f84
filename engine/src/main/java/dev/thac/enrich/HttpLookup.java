package dev.thac.enrich;

import dev.thac.event.ErrorCode;
import dev.thac.event.JsonTree;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Asks a service: GET, JSON. Nothing under that address (404, 410, 204) is an answer; 429, 5xx, a
 * refused key and everything about the connection is trouble that is waited out; any other status
 * is this event's own. Redirects are not followed. Thread-safe.
 */
final class HttpLookup implements Lookup {

    /** More would be no lookup. */
    static final int MAX_BYTES = 1 << 20;

    /** Calls at a time of one lookup. */
    private static final int PLACES = 32;

    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(1);

    private final HttpClient client;
    private final Duration timeout;
    private final Map<String, String> headers;
    private final Semaphore places = new Semaphore(PLACES);

    HttpLookup(HttpClient client, Duration timeout, Map<String, String> headers) {
        this.client = client;
        this.timeout = timeout;
        this.headers = Map.copyOf(headers);
    }

    @Override
    public Optional<Object> find(List<@Nullable Object> key)
            throws LookupException, InterruptedException {
        URI url = URI.create((String) Objects.requireNonNull(key.getFirst()));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url).timeout(timeout).header("Accept", "application/json");
        headers.forEach(request::header);
        try {
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return answer(response, body);
            }
        } catch (HttpTimeoutException e) {
            throw unavailable(url, "did not answer within " + timeout.toMillis() + " ms", e);
        } catch (IOException e) {
            throw unavailable(url, String.valueOf(e), e);
        }
    }

    @Override
    public Semaphore places() {
        return places;
    }

    private static Optional<Object> answer(HttpResponse<?> response, InputStream body)
            throws IOException, LookupException {
        int status = response.statusCode();
        URI url = response.uri();
        if (status == 404 || status == 410 || status == 204) {
            return Optional.empty();
        }
        if (status == 429 || status >= 500 || status == 408 || status == 401 || status == 403) {
            throw LookupException.trouble(
                    ErrorCode.SERVICE_UNAVAILABLE,
                    retryAfter(response),
                    url.getHost() + " answered " + status,
                    new IOException("status " + status));
        }
        byte[] bytes = body.readNBytes(MAX_BYTES + 1);
        if (status != 200) {
            throw LookupException.never(
                    ErrorCode.LOOKUP_REFUSED, url.getHost() + " answered " + status);
        }
        if (bytes.length > MAX_BYTES) {
            throw LookupException.never(
                    ErrorCode.LOOKUP_REFUSED,
                    url.getHost() + " answered with more than " + MAX_BYTES + " bytes");
        }
        try {
            return Optional.ofNullable(JsonTree.read(bytes));
        } catch (IllegalArgumentException e) {
            throw LookupException.never(
                    ErrorCode.LOOKUP_REFUSED,
                    url.getHost() + " answered with something that is no JSON");
        }
    }

    private static Duration retryAfter(HttpResponse<?> response) {
        String seconds = response.headers().firstValue("retry-after").orElse("");
        if (!seconds.matches("\\d{1,6}")) {
            return Duration.ZERO;
        }
        Duration said = Duration.ofSeconds(Long.parseLong(seconds));
        return said.compareTo(LONGEST_RETRY_AFTER) < 0 ? said : LONGEST_RETRY_AFTER;
    }

    private static LookupException unavailable(URI url, String why, IOException cause) {
        return LookupException.trouble(
                ErrorCode.SERVICE_UNAVAILABLE, Duration.ZERO, url.getHost() + ": " + why, cause);
    }
}
