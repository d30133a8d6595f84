package dev.thac.model.openai;

import dev.thac.model.ModelAdapter;
import dev.thac.model.ModelClient;
import dev.thac.model.Provider;
import dev.thac.model.http.HttpTransport;

import java.net.URI;

/** Chat completions: {@code POST {url}/chat/completions}. Thread-safe. */
public final class OpenaiAdapter implements ModelAdapter {

    private final HttpTransport transport = new HttpTransport("openai");

    /** For the service loader. */
    public OpenaiAdapter() {}

    @Override
    public Provider provider() {
        return Provider.OPENAI;
    }

    @Override
    public URI publicUrl() {
        return URI.create("https://api.openai.com/v1");
    }

    @Override
    public String urlVariable() {
        return "OPENAI_BASE_URL";
    }

    @Override
    public String keyVariable() {
        return "OPENAI_API_KEY";
    }

    @Override
    public ModelClient client(Endpoint endpoint) {
        return new OpenaiClient(endpoint, transport);
    }
}
