package dev.thac.model.openai;

import dev.thac.model.ModelAdapter.Endpoint;
import dev.thac.model.ModelClient;
import dev.thac.model.ModelException;
import dev.thac.model.ModelReply;
import dev.thac.model.ModelRequest;
import dev.thac.model.RateLimits;
import dev.thac.model.http.HttpTransport;
import dev.thac.model.http.ProviderErrors;
import dev.thac.model.http.RateLimitHeaders;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One model behind chat completions. Thread-safe. */
final class OpenaiClient implements ModelClient {

    private static final int OK = 200;

    private final Endpoint endpoint;
    private final HttpTransport transport;
    private final URI uri;
    private final OpenaiRequest request;

    OpenaiClient(Endpoint endpoint, HttpTransport transport) {
        this.endpoint = endpoint;
        this.transport = transport;
        this.uri = completions(endpoint.url());
        this.request = new OpenaiRequest(endpoint.spec());
    }

    @Override
    public ModelReply call(ModelRequest question, Duration timeout)
            throws ModelException, InterruptedException {
        Optional<String> key = endpoint.key().read();
        List<String> headers =
                key.map(value -> List.of("authorization", "Bearer " + value)).orElse(List.of());
        HttpTransport.Answer answer = transport.post(uri, headers, request.body(question), timeout);
        RateLimits limits = RateLimitHeaders.openai(answer.headers());
        if (!limits.isEmpty()) {
            endpoint.limits().accept(limits);
        }
        if (answer.status() != OK) {
            throw ProviderErrors.of(answer, key.orElse(""));
        }
        try {
            return OpenaiReply.parse(answer, question);
        } catch (IOException e) {
            throw ProviderErrors.unreadable(e);
        }
    }

    /**
     * The base URL has the version in its path, as the official clients want it; one without any
     * path gets {@code /v1}.
     */
    static URI completions(URI base) {
        String text = base.toString().replaceAll("/+$", "");
        String path = URI.create(text).getPath();
        boolean bare = path == null || path.isEmpty();
        return URI.create(text + (bare ? "/v1/chat/completions" : "/chat/completions"));
    }
}
