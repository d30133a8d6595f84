package dev.thac.app.dev;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.UserError;
import dev.thac.enrich.EnrichSpec;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineSpec;
import dev.thac.spec.TemplateText;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The services of {@code thac dev}: one server in place of each that a lookup asks and whose
 * answers stand in {@code lookups/NAME.json} beside the pipeline file, under the URL they answer.
 * Started when a pipeline first needs it. Used by one thread.
 */
final class DevLookups implements AutoCloseable {

    /** The folder beside the pipeline file. */
    static final String FOLDER = "lookups";

    private static final Pattern HOST = Pattern.compile("https?://[^/?]+");

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** By the name of the lookup. */
    private final Map<String, Answers> answers = new ConcurrentHashMap<>();

    private @Nullable HttpServer server;

    /**
     * What a service answers.
     *
     * @param host where it really is: scheme and host
     * @param byUrl whole URL to answer
     */
    private record Answers(String host, Map<?, ?> byUrl) {}

    /**
     * The same files with answers of our own in place of those services that have a file.
     *
     * @param loaded the pipeline file, without problems
     * @return a copy; itself where there is none
     * @throws UserError when such a file is no JSON object
     */
    Loaded over(Loaded loaded) {
        PipelineSpec spec = loaded.orThrow();
        Map<String, EnrichSpec> lookups = new LinkedHashMap<>(spec.enrich());
        answers.clear();
        lookups.replaceAll(
                (name, lookup) -> {
                    Path file = loaded.file().resolveSibling(FOLDER).resolve(name + ".json");
                    return lookup.http().isPresent() && Files.isRegularFile(file)
                            ? at(name, lookup, file)
                            : lookup;
                });
        return answers.isEmpty()
                ? loaded
                : new Loaded(
                        Optional.of(DevPipeline.withEnrich(spec, lookups)),
                        loaded.project(),
                        loaded.file(),
                        loaded.problems());
    }

    /** Where the server is; empty where none was needed. */
    Optional<String> address() {
        return Optional.ofNullable(server).map(DevLookups::uri);
    }

    /** What it is, for people. */
    String note() {
        return "in place of the services of "
                + String.join(", ", answers.keySet().stream().sorted().toList())
                + ", answers from "
                + FOLDER
                + "/";
    }

    private EnrichSpec at(String name, EnrichSpec lookup, Path file) {
        String declared = lookup.http().map(TemplateText::text).orElse("");
        Matcher host = HOST.matcher(declared);
        if (!host.lookingAt()) {
            throw new IllegalStateException("a URL that was checked: " + declared);
        }
        answers.put(name, new Answers(host.group(), read(file)));
        return new EnrichSpec(
                lookup.jdbc(),
                lookup.query(),
                Optional.of(
                        new TemplateText(uri(server()) + name + declared.substring(host.end()))),
                Map.of(), // they are for the real one, and may hold secrets that are not there
                lookup.table(),
                lookup.with(),
                lookup.cache(),
                lookup.timeout(),
                lookup.missing());
    }

    private static Map<?, ?> read(Path file) {
        String advice = "write { \"https://…\": { … } }: each URL and what it answers";
        try {
            if (Json.read(Files.readString(file)) instanceof Map<?, ?> map) {
                return map;
            }
            throw new UserError(ExitCode.FAILED, file + " is no JSON object", advice, null);
        } catch (JsonProcessingException e) {
            throw new UserError(ExitCode.FAILED, file + ": " + e.getOriginalMessage(), advice, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String uri(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private HttpServer server() {
        HttpServer running = server;
        if (running == null) {
            try {
                running =
                        HttpServer.create(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            running.setExecutor(threads);
            running.createContext("/", this::handle);
            running.start();
            server = running;
        }
        return running;
    }

    /** The path begins with the name of the lookup; what follows stands behind the host. */
    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = exchange.getRequestURI().toString().substring(1);
            Matcher name = Pattern.compile("[^/?]*").matcher(target);
            Answers own = name.lookingAt() ? answers.get(name.group()) : null;
            Object found =
                    own == null ? null : own.byUrl().get(own.host() + target.substring(name.end()));
            if (found == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            byte[] body = Json.line(found).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Stops the server. */
    @Override
    public void close() {
        HttpServer running = server;
        if (running != null) {
            server = null;
            running.stop(0);
        }
        threads.shutdownNow();
    }
}
