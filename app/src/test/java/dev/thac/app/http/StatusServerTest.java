package dev.thac.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.app.CommandRun;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

class StatusServerTest {

    private StatusServer server;
    private volatile boolean healthy = true;

    @BeforeEach
    void start() {
        server =
                StatusServer.start(
                        "127.0.0.1",
                        0,
                        new StatusServer.Source() {
                            @Override
                            public Map<String, Object> status() {
                                return Map.of(
                                        "version",
                                        "1",
                                        "simulated",
                                        true,
                                        "pipelines",
                                        List.of(
                                                Map.of(
                                                        "pipeline",
                                                        "reviews",
                                                        "state",
                                                        "running",
                                                        "eventsIn",
                                                        1204,
                                                        "settled",
                                                        1200,
                                                        "cost",
                                                        Map.of("usd", "0.0021"),
                                                        "decisions",
                                                        Map.of("review", Map.of("rules", 400)))));
                            }

                            @Override
                            public String metrics() {
                                return "thac_build_info 1\n";
                            }

                            @Override
                            public boolean healthy() {
                                return healthy;
                            }
                        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(server.uri() + path)).build());
    }

    private static HttpResponse<String> send(HttpRequest request)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void thePageStandsAlone() throws IOException, InterruptedException {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(page.body()).contains("/api/status").doesNotContain("http://", "https://");
    }

    @Test
    void statusMetricsAndHealthAreServed() throws IOException, InterruptedException {
        assertThat(get("/api/status").body()).contains("\"reviews\"");
        assertThat(get("/metrics").body()).isEqualTo("thac_build_info 1\n");
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        healthy = false;
        assertThat(get("/healthz").statusCode()).isEqualTo(503);
    }

    @Test
    void nothingElseIsThereAndNothingCanBeChanged() throws IOException, InterruptedException {
        HttpRequest post =
                HttpRequest.newBuilder(URI.create(server.uri() + "/api/status"))
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build();

        assertThat(get("/etc/passwd").statusCode()).isEqualTo(404);
        assertThat(send(post).statusCode()).isEqualTo(405);
    }

    @Test
    void theStatusCommandShowsIt() {
        CommandRun.Result text = CommandRun.here().run("status", "--url", server.uri().toString());
        CommandRun.Result json =
                CommandRun.here()
                        .run("status", "reviews", "--url", server.uri() + "/", "-o", "json");
        CommandRun.Result other =
                CommandRun.here().run("status", "other", "--url", server.uri().toString());

        assertThat(text.out())
                .contains("reviews  running")
                .contains("1,204, settled 1,200")
                .contains("rules 400")
                .contains("0.0021 USD, simulated");
        assertThat(json.out()).startsWith("{").contains("\"settled\" : 1200");
        assertThat(other.code()).isEqualTo(1);
    }

    @Test
    void theStatusCommandSaysWhenNobodyAnswers() {
        server.close();

        CommandRun.Result result =
                CommandRun.here().run("status", "--url", server.uri().toString());

        assertThat(result.code()).isEqualTo(3);
        assertThat(result.err()).contains("no process answers");
    }
}
