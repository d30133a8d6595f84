package dev.thac.model.anthropic;

import dev.thac.model.ModelAdapter;
import dev.thac.model.ModelClient;
import dev.thac.model.Provider;
import dev.thac.model.http.HttpTransport;

import java.net.URI;

/** The Messages API: {@code POST {url}/v1/messages}. Thread-safe. */
public final class AnthropicAdapter implements ModelAdapter {

    private final HttpTransport transport = new HttpTransport("anthropic");

    /** For the service loader. */
    public AnthropicAdapter() {}

    @Override
    public Provider provider() {
        return Provider.ANTHROPIC;
    }

    @Override
    public URI publicUrl() {
        return URI.create("https://api.anthropic.com");
    }

    @Override
    public String urlVariable() {
        return "ANTHROPIC_BASE_URL";
    }

    @Override
    public String keyVariable() {
        return "ANTHROPIC_API_KEY";
    }

    @Override
    public ModelClient client(Endpoint endpoint) {
        return new AnthropicClient(endpoint, transport);
    }
}
