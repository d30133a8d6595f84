package dev.thac.sink;

import dev.thac.expression.Template;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An address and how it is called.
 *
 * @param url where to; may hold secrets, never logged
 * @param secret signs the body; never logged
 * @param headers further headers
 * @param timeout the longest wait for an answer
 * @param concurrency the most calls at a time
 */
record WebhookSettings(
        URI url,
        Optional<String> secret,
        Map<String, Template> headers,
        Duration timeout,
        int concurrency) {

    /** Copies the headers, in order. */
    WebhookSettings {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "webhook at " + url.getHost();
    }
}
