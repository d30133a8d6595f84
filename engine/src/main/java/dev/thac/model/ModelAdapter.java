package dev.thac.model;

import java.net.URI;
import java.util.function.Consumer;

/**
 * A wire format: makes clients for models that speak it. Found with {@link
 * java.util.ServiceLoader}, so that {@link Models} needs to know none of them; implementations are
 * listed in {@code META-INF/services/dev.thac.model.ModelAdapter} and have a public constructor
 * without parameters.
 */
public interface ModelAdapter {

    /**
     * Which provider in the file this is.
     *
     * @return the provider
     */
    Provider provider();

    /**
     * Where its public endpoint is.
     *
     * @return the base URL
     */
    URI publicUrl();

    /**
     * The environment variable that names another base URL.
     *
     * @return for example {@code OPENAI_BASE_URL}
     */
    String urlVariable();

    /**
     * The environment variable that holds the key.
     *
     * @return for example {@code OPENAI_API_KEY}
     */
    String keyVariable();

    /**
     * A client for one model.
     *
     * @param endpoint the model and where it is
     * @return a thread-safe client without limits, retries or breaker
     */
    ModelClient client(Endpoint endpoint);

    /**
     * One model and where it is.
     *
     * @param spec the model as written in the file
     * @param url its base URL
     * @param key its key
     * @param limits told what the provider says about its limits, with each answer that says it
     */
    record Endpoint(ModelSpec spec, URI url, ApiKey key, Consumer<RateLimits> limits) {}
}
