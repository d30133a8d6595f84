package dev.thac.app.live;

import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.Words;
import dev.thac.event.Money;
import dev.thac.runtime.PipelineStatus;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One line per pipeline on standard error: redrawn in place on a terminal, a new line every 10
 * seconds otherwise. Used by one thread.
 */
public final class LiveLine {

    private static final Duration REDRAW = Duration.ofMillis(500);
    private static final Duration REPEAT = Duration.ofSeconds(10);

    private final Terminal terminal;
    private final boolean simulated;
    private final List<String> tierOrder;
    private Instant due = Instant.MIN;
    private boolean drawn;

    /**
     * A line.
     *
     * @param terminal where to write
     * @param simulated whether money is simulated
     * @param tierOrder names of tiers in the order to show them in
     */
    public LiveLine(Terminal terminal, boolean simulated, List<String> tierOrder) {
        this.terminal = terminal;
        this.simulated = simulated;
        this.tierOrder = List.copyOf(tierOrder);
    }

    /**
     * Draws when it is time.
     *
     * @param now the time
     * @param statuses the pipelines
     */
    public void tick(Instant now, List<PipelineStatus> statuses) {
        if (now.isBefore(due)) {
            return;
        }
        boolean first = due.equals(Instant.MIN);
        due = now.plus(terminal.colors() ? REDRAW : REPEAT);
        if (terminal.colors()) {
            String all = statuses.stream().map(this::line).collect(Collectors.joining("   |   "));
            terminal.err().print("\r" + all + "\u001b[K");
            terminal.err().flush();
            drawn = true;
        } else if (!first) {
            statuses.forEach(status -> terminal.err().println(line(status)));
        }
    }

    /** Ends the line, so that other text can follow. */
    public void end() {
        if (drawn) {
            terminal.err().println();
            drawn = false;
        }
    }

    /**
     * One pipeline in a line.
     *
     * @param status its figures
     * @return text
     */
    String line(PipelineStatus status) {
        long dead = status.deadLetters().values().stream().mapToLong(Long::longValue).sum();
        return "  "
                + status.pipeline()
                + "  "
                + Words.grouped(status.eventsIn())
                + " in  "
                + Words.grouped(status.settled())
                + " done"
                + shares(status)
                + "   lag "
                + Words.duration(status.lag())
                + "   "
                + money(status.cost())
                + (simulated ? " (simulated)" : "")
                + "   dlq "
                + Words.grouped(dead)
                + (status.paused() > 0 ? "   paused" : "");
    }

    private String shares(PipelineStatus status) {
        StringBuilder text = new StringBuilder();
        status.decisions()
                .forEach(
                        (analysis, tiers) -> {
                            text.append("  ");
                            if (status.decisions().size() > 1) {
                                text.append(' ').append(analysis).append(':');
                            }
                            shares(tiers, text);
                        });
        return text.toString();
    }

    private void shares(Map<String, Long> tiers, StringBuilder text) {
        long all = tiers.values().stream().mapToLong(Long::longValue).sum();
        for (String tier : ordered(tiers)) {
            long count = tiers.getOrDefault(tier, 0L);
            text.append(' ').append(Math.round(100.0 * count / all)).append("% ").append(tier);
        }
    }

    private List<String> ordered(Map<String, Long> tiers) {
        return tiers.keySet().stream()
                .sorted(
                        Comparator.comparingInt(
                                tier -> {
                                    int at = tierOrder.indexOf(tier);
                                    return at < 0 ? Integer.MAX_VALUE : at;
                                }))
                .toList();
    }

    /**
     * Money for people: four significant digits are enough.
     *
     * @param money an amount
     * @return for example {@code $0.02134}
     */
    static String money(Money money) {
        double usd = money.nanos() / 1e9;
        if (usd == 0) {
            return "$0";
        }
        int decimals = usd >= 1 ? 2 : Math.min(9, 4 - (int) Math.ceil(Math.log10(usd)));
        return String.format(Locale.ROOT, "$%,." + decimals + "f", usd);
    }
}
