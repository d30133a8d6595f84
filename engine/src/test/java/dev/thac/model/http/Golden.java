package dev.thac.model.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.thac.model.ApiKey;
import dev.thac.model.ModelAdapter;
import dev.thac.model.ModelSpec;
import dev.thac.model.RateLimits;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the golden files. */
public final class Golden {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Golden() {}

    public static String text(String file) {
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + file)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ModelAdapter.Endpoint endpoint(
            ModelSpec spec, URI url, Consumer<RateLimits> limits) {
        return new ModelAdapter.Endpoint(
                spec,
                url,
                new ApiKey("${env:KEY}", Map.of("KEY", "sk-secret-1234567890"), true),
                limits);
    }
}
