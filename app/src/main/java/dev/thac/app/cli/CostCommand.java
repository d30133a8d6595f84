package dev.thac.app.cli;

import dev.thac.app.cost.SpendRows;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Words;
import dev.thac.cost.SpendDay;
import dev.thac.cost.TokenKind;
import dev.thac.event.Money;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code thac cost}. */
@Command(
        name = "cost",
        header = "What was spent, on what, and what was saved.",
        description = {
            "From the brokers alone: running pipelines write what they spend to thac.ledger every"
                    + " half minute, and at their end. Its retention is how far back this knows;"
                    + " what a process spent in the half minute before it was killed is missing.",
            "Every call counts once, on the day on which it was sent, in the zone that thac.yaml"
                    + " declares (UTC where it does not). \"per 1M\" is money per million events"
                    + " that went into the analysis, whichever tier decided them.",
            "Saved is an estimate by what the same run measured on the same day. rules, cache:"
                    + " events decided there, at the mean price of an event that went to the"
                    + " models of the analysis. cascade: events that a model before the last"
                    + " decided, at the mean price of the last one, minus all that was paid to"
                    + " the ones before it; negative where escalations cost more than they spare."
                    + " batching: instructions and schema that were not sent again, at the price"
                    + " of the call's input. prompt_cache: what providers took off, or put on, for"
                    + " input that they keep (exact)."
        },
        mixinStandardHelpOptions = true)
final class CostCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Parameters(arity = "0..1", paramLabel = "PIPELINE", description = "Only this one.")
    private @Nullable String pipeline;

    @Option(
            names = "--by",
            split = ",",
            paramLabel = "WHAT",
            description =
                    "Rows by any of ${COMPLETION-CANDIDATES}, in that order"
                            + " (default: pipeline,analysis,tier,model).")
    private List<SpendRows.By> by =
            List.of(
                    SpendRows.By.pipeline,
                    SpendRows.By.analysis,
                    SpendRows.By.tier,
                    SpendRows.By.model);

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final SpendOptions options = new SpendOptions();
    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    CostCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<SpendDay> days =
                options.read(brokers.access(terminal), terminal).stream()
                        .filter(day -> pipeline == null || day.pipeline().equals(pipeline))
                        .toList();
        SpendRows rows = new SpendRows(days);
        List<String> zones = days.stream().map(day -> day.zone().getId()).distinct().toList();
        if (output == OutputFormat.json) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("zones", zones);
            tree.put("rows", rows.rows(by).stream().map(row -> tree(row, by)).toList());
            tree.put(
                    "total",
                    rows.rows(List.of()).stream().map(row -> tree(row, List.of())).toList());
            Map<String, Object> saved = new LinkedHashMap<>();
            rows.saved().forEach((cause, amount) -> saved.put(cause.label(), money(amount)));
            tree.put("saved", saved);
            terminal.out().println(Json.pretty(tree));
        } else if (days.isEmpty()) {
            terminal.err().println("nothing is on record for these days");
        } else {
            print(rows, zones);
        }
        return ExitCode.OK.number();
    }

    private void print(SpendRows rows, List<String> zones) {
        List<SpendRows.Row> all = rows.rows(by);
        StringBuilder format = new StringBuilder();
        for (int i = 0; i < by.size(); i++) {
            int column = i;
            int width = by.get(i).name().length();
            for (SpendRows.Row row : all) {
                width = Math.max(width, row.names().get(column).length());
            }
            format.append("%-").append(width + 2).append('s');
        }
        String names = format.toString();
        line(
                names.formatted(by.stream().map(Enum::name).toArray()),
                "events",
                "calls",
                "tokens",
                "USD",
                "per 1M");
        all.forEach(row -> line(names.formatted(row.names().toArray()), row));
        String blank =
                " "
                        .repeat(
                                Math.max(
                                        0,
                                        names.formatted(by.stream().map(_ -> "").toArray()).length()
                                                - 7));
        rows.rows(List.of()).forEach(row -> line("total  " + blank, row));
        rows.saved()
                .forEach(
                        (cause, amount) ->
                                terminal.out()
                                        .println(
                                                "saved by "
                                                        + "%-9s".formatted(cause.label())
                                                        + usd(amount)
                                                        + " USD, estimated"));
        for (SpendRows.Row row : rows.rows(List.of())) {
            if (row.unpriced() > 0) {
                terminal.err()
                        .println(
                                Words.count(row.unpriced(), "call")
                                        + " had no known price and are not in the money:"
                                        + " `thac prices set` gives one");
            }
            if (row.unanswered() > 0) {
                terminal.err()
                        .println(
                                Words.count(row.unanswered(), "call")
                                        + " had no reply: what the provider bills for them, if it"
                                        + " does, is not in the money");
            }
        }
        terminal.err().println("days begin at midnight in " + String.join(", ", zones));
    }

    private void line(String names, SpendRows.Row row) {
        line(
                names,
                Words.grouped(row.events()),
                Words.grouped(row.calls()),
                Words.grouped(row.tokens().total()),
                usd(row.cost()),
                row.usdPerMillion().map(CostCommand::plain).orElse(""));
    }

    private void line(
            String names, String events, String calls, String tokens, String usd, String million) {
        terminal.out()
                .println(
                        names
                                + "%12s %10s %14s %16s %14s"
                                        .formatted(events, calls, tokens, usd, million));
    }

    private static Map<String, Object> tree(SpendRows.Row row, List<SpendRows.By> by) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (int i = 0; i < by.size(); i++) {
            tree.put(by.get(i).name(), row.names().get(i));
        }
        tree.put("events", row.events());
        tree.put("failed", row.failed());
        tree.put("judged", row.judged());
        tree.put("calls", row.calls());
        tree.put("unanswered", row.unanswered());
        tree.put("unpriced", row.unpriced());
        Map<String, Object> tokens = new LinkedHashMap<>();
        for (TokenKind kind : TokenKind.values()) {
            tokens.put(kind.label(), kind.of(row.tokens()));
        }
        tree.put("tokens", tokens);
        tree.put("cost", money(row.cost()));
        row.usdPerMillion().ifPresent(usd -> tree.put("usdPerMillionEvents", plain(usd)));
        return tree;
    }

    private static Map<String, Object> money(Money amount) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("usd", usd(amount));
        tree.put("nanos", amount.nanos());
        return tree;
    }

    private static String usd(Money amount) {
        return plain(amount.toUsd());
    }

    private static String plain(BigDecimal usd) {
        BigDecimal bare = usd.stripTrailingZeros();
        return (bare.scale() < 2 ? bare.setScale(2) : bare).toPlainString();
    }
}
