package dev.thac.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the simulator counted for each row: rows are only comparable when their calls are alike.
 * Keeps the last run of each row.
 */
final class Bills {

    private final ObjectMapper json = new ObjectMapper();
    private final URI simulator;
    private final Map<String, String> bills = new LinkedHashMap<>();

    Bills(URI simulator) {
        this.simulator = simulator;
    }

    /** The same row, its bill noted, and checked: every event must have been paid for once. */
    Row billed(Row row) {
        return new Row(
                row.name(),
                row.output(),
                job -> {
                    JsonNode _ = get("POST", "/stats/reset");
                    row.work().run(job);
                    note(row.name(), job, get("GET", "/stats"));
                });
    }

    /** One sentence per row. */
    List<String> notes() {
        return bills.entrySet().stream()
                .map(bill -> bill.getKey() + ": " + bill.getValue())
                .toList();
    }

    private void note(String row, Job job, JsonNode stats) {
        double calls = stats.path("calls").asDouble();
        double items = stats.path("items").asDouble();
        bills.put(
                row,
                "%,.0f calls of %.1f items, at most %d at the same time; %.0f tokens in, %.0f out a call; %d refused"
                        .formatted(
                                calls,
                                items / calls,
                                stats.path("maxConcurrency").asInt(),
                                stats.path("inputTokens").asDouble() / calls,
                                stats.path("outputTokens").asDouble() / calls,
                                stats.path("refused").asInt()));
        if ((long) items != job.records()) {
            throw new WrongOutputException(
                    row + " had " + (long) items + " items judged for " + job.records());
        }
    }

    private JsonNode get(String method, String path) throws IOException, InterruptedException {
        try (HttpClient client = Wire.client()) {
            HttpRequest request =
                    HttpRequest.newBuilder(simulator.resolve(path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build();
            return json.readTree(
                    client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
        }
    }
}
