package dev.thac.app.cli;

import dev.thac.app.cost.Bill;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Json;
import dev.thac.app.terminal.OutputFormat;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.app.terminal.Words;
import dev.thac.cost.SpendDay;
import dev.thac.cost.SpendLine;
import dev.thac.event.Money;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/** {@code thac cost reconcile}. */
@Command(
        name = "reconcile",
        header = "Compare what was spent with a provider's bill.",
        description = {
            "By day and model, all pipelines together. Exits with 1 where any of them differs by"
                    + " more than --tolerance.",
            "The bill is CSV with the columns day, model and usd, Anthropic's cost report as JSON,"
                    + " or what the simulator serves at /bill. Its days must begin in the zone of"
                    + " ours: `zone: UTC` in thac.yaml suits most providers."
        },
        mixinStandardHelpOptions = true)
final class CostReconcileCommand implements Callable<Integer> {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Terminal terminal;

    @Option(
            names = "--bill",
            required = true,
            paramLabel = "FILE|URL",
            description = "The provider's bill.")
    private String bill = "";

    @Option(
            names = "--tolerance",
            paramLabel = "USD",
            description = "Differences up to this are none (default: ${DEFAULT-VALUE}).")
    private BigDecimal tolerance = BigDecimal.ZERO;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.text;

    @Mixin private final SpendOptions options = new SpendOptions();
    @Mixin private final BrokerOptions brokers = new BrokerOptions();

    private record Difference(Bill.Line line, Money ours, Money billed) {
        Money amount() {
            return new Money(Math.subtractExact(billed.nanos(), ours.nanos()));
        }
    }

    CostReconcileCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        Bill billed = bill();
        List<SpendDay> days = options.read(brokers.access(terminal), terminal);
        requireSameZone(billed, days);
        List<Difference> all = differences(billed, days);
        BigDecimal most = tolerance.movePointRight(9);
        List<Difference> differing =
                all.stream()
                        .filter(
                                each ->
                                        BigDecimal.valueOf(each.amount().nanos())
                                                        .abs()
                                                        .compareTo(most)
                                                > 0)
                        .toList();
        print(all);
        long unanswered =
                days.stream()
                        .flatMap(day -> day.lines().stream())
                        .mapToLong(SpendLine::unanswered)
                        .sum();
        if (unanswered > 0) {
            terminal.err()
                    .println(
                            Words.count(unanswered, "call")
                                    + " had no reply; a provider may have billed them");
        }
        terminal.err()
                .println(
                        differing.isEmpty()
                                ? Words.count(all.size(), "line") + ", all equal"
                                : differing.size()
                                        + " of "
                                        + Words.count(all.size(), "line")
                                        + " differ");
        return (differing.isEmpty() ? ExitCode.OK : ExitCode.FAILED).number();
    }

    private Bill bill() throws InterruptedException {
        try {
            return Bill.read(
                    bill.matches("https?://.*")
                            ? fetch()
                            : Files.readString(terminal.resolve(bill)));
        } catch (IOException e) {
            throw UserError.unreachable("the bill " + bill + " cannot be read: " + e, "", e);
        } catch (IllegalArgumentException e) {
            throw new UserError(ExitCode.FAILED, bill + ": " + e.getMessage(), "", e);
        }
    }

    private String fetch() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
            HttpResponse<String> response =
                    client.send(
                            HttpRequest.newBuilder(URI.create(bill)).timeout(TIMEOUT).build(),
                            HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException("it answers " + response.statusCode());
            }
            return response.body();
        }
    }

    private static void requireSameZone(Bill bill, List<SpendDay> days) {
        for (SpendDay day : days) {
            ZoneId zone = bill.zone().orElse(day.zone());
            if (!zone.getRules().equals(day.zone().getRules())) {
                throw new UserError(
                        ExitCode.FAILED,
                        "the bill's days begin in "
                                + zone
                                + ", those of "
                                + day.pipeline()
                                + " in "
                                + day.zone(),
                        "a bill in the same zone can be compared; the simulator takes /bill?zone="
                                + day.zone());
            }
        }
    }

    private List<Difference> differences(Bill billed, List<SpendDay> days) {
        Map<Bill.Line, Money> ours = new TreeMap<>();
        for (SpendDay day : days) {
            for (SpendLine line : day.lines()) {
                if (line.total().nanos() != 0) {
                    ours.merge(new Bill.Line(day.day(), line.model()), line.total(), Money::plus);
                }
            }
        }
        Set<Bill.Line> lines = new TreeSet<>(ours.keySet());
        billed.amounts().keySet().stream()
                .filter(line -> options.holds(line.day()))
                .forEach(lines::add);
        List<Difference> all = new ArrayList<>();
        for (Bill.Line line : lines) {
            all.add(
                    new Difference(
                            line,
                            ours.getOrDefault(line, Money.ZERO),
                            billed.amounts().getOrDefault(line, Money.ZERO)));
        }
        return all;
    }

    private void print(List<Difference> all) {
        if (output == OutputFormat.json) {
            terminal.out()
                    .println(Json.pretty(all.stream().map(CostReconcileCommand::tree).toList()));
            return;
        }
        String format = "%-10s  %-28s %18s %18s %18s";
        terminal.out()
                .println(format.formatted("day", "model", "ours USD", "bill USD", "bill - ours"));
        for (Difference each : all) {
            terminal.out()
                    .println(
                            format.formatted(
                                    each.line().day(),
                                    each.line().model(),
                                    each.ours().toUsd().toPlainString(),
                                    each.billed().toUsd().toPlainString(),
                                    each.amount().toUsd().toPlainString()));
        }
    }

    private static Map<String, Object> tree(Difference each) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("day", each.line().day().toString());
        tree.put("model", each.line().model());
        tree.put("oursNanos", each.ours().nanos());
        tree.put("billNanos", each.billed().nanos());
        tree.put("differenceNanos", each.amount().nanos());
        return tree;
    }
}
