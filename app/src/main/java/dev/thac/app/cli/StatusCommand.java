package dev.thac.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.thac.app.control.StatusReports;
import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Words;
import dev.thac.event.Money;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac status}. */
@Command(
        name = "status",
        header = "What running processes do.",
        description =
                "State, events, lag, money, dead letters: of every instance that reports to the "
                        + "brokers, or of the one process behind --url.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final String LOCAL = "http://localhost:8086";

    private final Terminal terminal;

    @Parameters(arity = "0..1", paramLabel = "PIPELINE", description = "Only this one.")
    private @Nullable String pipeline;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "Ask the process with this page. Default where no brokers are named:"
                            + " http://localhost:8086.")
    private @Nullable String url;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        boolean fromBrokers = url == null && brokers.given(terminal);
        String page = url == null ? LOCAL : url;
        Map<?, ?> status = fromBrokers ? reported() : tree(page, fetch(page));
        List<Map<?, ?>> pipelines =
                maps(status.get("pipelines")).stream()
                        .filter(each -> pipeline == null || pipeline.equals(each.get("pipeline")))
                        .toList();
        if (pipelines.isEmpty()) {
            throw new UserError(
                    ExitCode.FAILED,
                    "no pipeline "
                            + (pipeline == null ? "" : pipeline + " ")
                            + (fromBrokers
                                    ? "reports to " + status.get("brokers")
                                    : "runs at " + page),
                    "`thac status --url URL` asks one process, `--brokers HOST:PORT` all");
        }
        if (output == OutputFormat.json) {
            terminal.out()
                    .println(
                            Json.pretty(
                                    pipeline == null || fromBrokers
                                            ? status
                                            : pipelines.getFirst()));
        } else {
            boolean simulated = Boolean.TRUE.equals(status.get("simulated"));
            pipelines.forEach(each -> print(each, simulated));
        }
        boolean failed = pipelines.stream().anyMatch(each -> "failed".equals(each.get("state")));
        return (failed ? ExitCode.FAILED : ExitCode.OK).number();
    }

    private Map<String, Object> reported() throws InterruptedException {
        KafkaAccess access = brokers.access(terminal);
        StatusReports reports = StatusReports.read(access);
        if (reports.forgotten() > 0) {
            terminal.err()
                    .println(
                            Words.count(reports.forgotten(), "report")
                                    + " of instances that fell silent long ago left out");
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("brokers", access.brokers());
        tree.put("pipelines", pipeline == null ? reports.all() : reports.of(pipeline));
        return tree;
    }

    private static String fetch(String url) throws InterruptedException {
        URI uri;
        try {
            uri = URI.create(url.replaceAll("/+$", "") + "/api/status");
        } catch (IllegalArgumentException e) {
            throw UserError.usage("--url is no address: " + url, "write it like http://host:8086");
        }
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpResponse<String> response =
                    client.send(
                            HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(),
                            HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw UserError.unreachable(
                        uri + " answers " + response.statusCode(), "is that a Thác process?", null);
            }
            return response.body();
        } catch (IOException | IllegalArgumentException e) {
            throw UserError.unreachable(
                    "no process answers at " + url,
                    "`thac run` and `thac dev` print their address; give it with --url",
                    e);
        }
    }

    private static Map<?, ?> tree(String url, String body) {
        try {
            if (Json.read(body) instanceof Map<?, ?> map) {
                return map;
            }
        } catch (JsonProcessingException e) {
            throw UserError.unreachable(url + " answers something else", "is it Thác?", e);
        }
        throw UserError.unreachable(url + " answers something else", "is it Thác?", null);
    }

    private void print(Map<?, ?> status, boolean simulated) {
        Map<?, ?> lag = map(status.get("lag"));
        terminal.out()
                .println(
                        status.get("pipeline")
                                + "  "
                                + status.get("state")
                                + " since "
                                + status.get("since")
                                + (status.get("instance") == null
                                        ? ""
                                        : "  instance " + status.get("instance")));
        if (status.get("replay") != null) {
            row("replay", status.get("replay") + " with group " + status.get("group"));
        }
        if (status.get("silentSeconds") != null) {
            row("silent", "nothing heard for " + status.get("silentSeconds") + " s");
        }
        row("read", number(status.get("eventsIn")) + ", settled " + number(status.get("settled")));
        row(
                "open",
                number(status.get("inFlight"))
                        + " being judged, "
                        + number(status.get("staged"))
                        + " waiting for their commit");
        row("lag", number(lag.get("records")) + " records, " + lag.get("seconds") + " s");
        counts("outcomes", map(status.get("outcomes")));
        map(status.get("decisions"))
                .forEach((analysis, tiers) -> counts("tiers of " + analysis, map(tiers)));
        counts("written", map(status.get("routes")));
        counts("dead letters", map(status.get("deadLetters")));
        row(
                "money",
                map(status.get("cost")).get("usd") + " USD" + (simulated ? ", simulated" : ""));
        maps(status.get("budgets")).forEach(this::budget);
        maps(status.get("companions")).forEach(this::companion);
        alerts(maps(status.get("alerts")));
        if (status.get("lastError") != null) {
            row("last trouble", String.valueOf(status.get("lastError")));
        }
    }

    private void companion(Map<?, ?> companion) {
        List<String> figures =
                map(companion.get("figures")).entrySet().stream()
                        .filter(
                                each ->
                                        each.getValue() instanceof Number count
                                                && count.longValue() > 0)
                        .map(each -> ", " + each.getKey() + " " + number(each.getValue()))
                        .toList();
        boolean known = companion.get("lagRecords") instanceof Number lag && lag.longValue() >= 0;
        row(
                companion.get("kind") + " " + companion.get("name"),
                companion.get("state")
                        + ", lag "
                        + (known
                                ? number(companion.get("lagRecords")) + " records"
                                : "not known yet")
                        + String.join("", figures)
                        + (companion.get("note") == null ? "" : ": " + companion.get("note")));
    }

    private void budget(Map<?, ?> budget) {
        row(
                "budget",
                budget.get("name")
                        + "  "
                        + budget.get("state")
                        + "  "
                        + money(budget.get("usedNanos"))
                        + " of "
                        + money(budget.get("limitNanos"))
                        + " per "
                        + budget.get("per")
                        + (String.valueOf(budget.get("reason")).isEmpty()
                                ? ""
                                : ", " + budget.get("reason")));
    }

    private static String money(@Nullable Object nanos) {
        return nanos instanceof Number number ? new Money(number.longValue()).toString() : "?";
    }

    private void alerts(List<Map<?, ?>> alerts) {
        long quiet = alerts.stream().filter(each -> "inactive".equals(each.get("state"))).count();
        if (!alerts.isEmpty() && quiet == alerts.size()) {
            row("alerts", "none of " + quiet);
        }
        for (Map<?, ?> each : alerts) {
            if (!"inactive".equals(each.get("state"))) {
                row(
                        "alert " + each.get("alert"),
                        each.get("state")
                                + " since "
                                + each.get("since")
                                + (each.get("subject") == null ? "" : ", " + each.get("subject"))
                                + ": "
                                + each.get("figures"));
            }
        }
    }

    private void counts(String name, Map<?, ?> counts) {
        if (!counts.isEmpty()) {
            row(
                    name,
                    String.join(
                            ", ",
                            counts.entrySet().stream()
                                    .map(each -> each.getKey() + " " + number(each.getValue()))
                                    .toList()));
        }
    }

    private void row(String name, String value) {
        terminal.out().printf("  %-18s %s%n", name, value);
    }

    private static String number(@Nullable Object value) {
        return value instanceof Number number ? Words.grouped(number.longValue()) : "?";
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<Map<?, ?>> maps(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().<Map<?, ?>>map(StatusCommand::map).toList()
                : List.of();
    }
}
