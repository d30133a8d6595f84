package dev.thac.model.anthropic;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One model behind the Messages API. Thread-safe. */
final class AnthropicClient implements ModelClient {

    /** The only version of the API there is. */
    private static final String VERSION = "2023-06-01";

    private static final int OK = 200;

    private final Endpoint endpoint;
    private final HttpTransport transport;
    private final URI uri;
    private final AnthropicRequest request;

    AnthropicClient(Endpoint endpoint, HttpTransport transport) {
        this.endpoint = endpoint;
        this.transport = transport;
        this.uri = messages(endpoint.url());
        this.request = new AnthropicRequest(endpoint.spec());
    }

    @Override
    public ModelReply call(ModelRequest question, Duration timeout)
            throws ModelException, InterruptedException {
        Optional<String> key = endpoint.key().read();
        List<String> headers = new ArrayList<>(List.of("anthropic-version", VERSION));
        key.ifPresent(value -> headers.addAll(List.of("x-api-key", value)));
        HttpTransport.Answer answer = transport.post(uri, headers, request.body(question), timeout);
        RateLimits limits = RateLimitHeaders.anthropic(answer.headers());
        if (!limits.isEmpty()) {
            endpoint.limits().accept(limits);
        }
        if (answer.status() != OK) {
            throw ProviderErrors.of(answer, key.orElse(""));
        }
        try {
            return AnthropicReply.parse(answer, question);
        } catch (IOException e) {
            throw ProviderErrors.unreadable(e);
        }
    }

    /** The base URL may be given with or without {@code /v1}. */
    static URI messages(URI base) {
        String text = base.toString().replaceAll("/+$", "");
        return URI.create(text + (text.endsWith("/v1") ? "/messages" : "/v1/messages"));
    }
}
