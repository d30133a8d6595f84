package dev.thac.model.http;

import dev.thac.model.ModelException;
import dev.thac.resilience.Threads;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Posts JSON and waits for the whole answer. HTTP/1.1 with kept connections; the deadline covers
 * everything from the connection to the last byte of the body (the JDK's own request time-out ends
 * with the headers). When the deadline passes or the thread is interrupted, the call is cancelled
 * and its connection closed. Never retries, never follows redirects. Thread-safe.
 */
public final class HttpTransport {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** No answer is that large; a longer one is cut off rather than held in memory. */
    private static final long MAX_BODY_BYTES = 32L << 20;

    private final String role;

    /** Made with the first call: building it loads the machine's certificates. */
    private volatile @Nullable HttpClient client;

    /**
     * A transport.
     *
     * @param role prefix of its threads' names
     */
    public HttpTransport(String role) {
        this.role = role;
    }

    /** An answer, whatever its status. Its body must not be changed. */
    public static final class Answer {

        private final int status;
        private final HttpHeaders headers;
        private final byte[] body;

        Answer(int status, HttpHeaders headers, byte[] body) {
            this.status = status;
            this.headers = headers;
            this.body = body;
        }

        /**
         * The HTTP status.
         *
         * @return for example 200
         */
        public int status() {
            return status;
        }

        /**
         * Its headers.
         *
         * @return the headers
         */
        public HttpHeaders headers() {
            return headers;
        }

        /**
         * Its whole body.
         *
         * @return the bytes, not copied
         */
        public byte[] body() {
            return body;
        }
    }

    /**
     * Posts and waits.
     *
     * @param uri where to
     * @param headers names and values in turn
     * @param body JSON
     * @param timeout deadline over the whole answer
     * @return the answer
     * @throws ModelException {@code TIMEOUT} after the deadline; {@code NETWORK} when there is no
     *     connection or it broke; {@code AUTH} when a header's value cannot be sent
     * @throws InterruptedException when the thread is interrupted
     */
    public Answer post(URI uri, List<String> headers, byte[] body, Duration timeout)
            throws ModelException, InterruptedException {
        HttpRequest request = request(uri, headers, body);
        CompletableFuture<HttpResponse<byte[]>> answer =
                client().sendAsync(
                                request,
                                BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY_BYTES));
        try {
            HttpResponse<byte[]> response = answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (TimeoutException _) {
            throw new ModelException(
                    ModelException.Kind.TIMEOUT,
                    "no whole answer from " + uri.getAuthority() + " within " + timeout,
                    Optional.empty());
        } catch (ExecutionException e) {
            throw failure(uri, e.getCause());
        } finally {
            if (!answer.isDone()) {
                answer.cancel(true);
            }
        }
    }

    private static HttpRequest request(URI uri, List<String> headers, byte[] body)
            throws ModelException {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(uri)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .header("content-type", "application/json")
                        .header("accept", "application/json");
        for (int i = 0; i < headers.size(); i += 2) {
            try {
                builder.header(headers.get(i), headers.get(i + 1));
            } catch (IllegalArgumentException e) {
                throw new ModelException( // not its message: that has the value, which is the key
                        ModelException.Kind.AUTH,
                        "the key has characters that the header "
                                + headers.get(i)
                                + " cannot carry ("
                                + e.getClass().getSimpleName()
                                + ")",
                        Optional.empty());
            }
        }
        return builder.build();
    }

    private static ModelException failure(URI uri, @Nullable Throwable cause) {
        if (cause instanceof IOException) {
            String words = cause.getMessage();
            return new ModelException(
                    ModelException.Kind.NETWORK,
                    uri.getAuthority()
                            + ": "
                            + cause.getClass().getSimpleName()
                            + (words == null ? "" : ": " + words),
                    Optional.empty(),
                    neverSent(cause) ? ModelException.Bill.NOTHING : ModelException.Bill.UNKNOWN);
        }
        throw new IllegalStateException("the HTTP client failed for " + uri.getAuthority(), cause);
    }

    /** Without a connection nothing was asked; one that broke may have carried the question. */
    private static boolean neverSent(Throwable cause) {
        return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
    }

    private HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            synchronized (this) {
                made = client;
                if (made == null) {
                    made =
                            HttpClient.newBuilder()
                                    .version(HttpClient.Version.HTTP_1_1)
                                    .followRedirects(HttpClient.Redirect.NEVER)
                                    .connectTimeout(CONNECT)
                                    .executor(Threads.virtual(role))
                                    .build();
                    client = made;
                }
            }
        }
        return made;
    }
}
