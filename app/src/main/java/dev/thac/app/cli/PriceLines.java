package dev.thac.app.cli;

import dev.thac.cost.Price;
import dev.thac.cost.PriceEntry;
import dev.thac.cost.TokenKind;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prices as they are shown. */
final class PriceLines {

    private PriceLines() {}

    static List<String> table(List<PriceEntry> entries) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%-24s %-10s %9s %9s %9s %9s %9s  %-10s %-10s  %s"
                        .formatted(
                                "model",
                                "provider",
                                "input",
                                "output",
                                "read",
                                "write",
                                "write 1h",
                                "from",
                                "to",
                                "source"));
        for (PriceEntry entry : entries) {
            Price price = entry.price();
            lines.add(
                    "%-24s %-10s %9s %9s %9s %9s %9s  %-10s %-10s  %s"
                            .formatted(
                                    entry.id(),
                                    entry.provider(),
                                    usd(price, TokenKind.INPUT),
                                    usd(price, TokenKind.OUTPUT),
                                    usd(price, TokenKind.CACHE_READ),
                                    usd(price, TokenKind.CACHE_WRITE),
                                    usd(price, TokenKind.CACHE_WRITE_LONG),
                                    entry.from().map(LocalDate::toString).orElse(""),
                                    entry.retired()
                                            ? "retired"
                                            : entry.last().map(LocalDate::toString).orElse(""),
                                    price.source()));
        }
        return lines;
    }

    static Map<String, Object> tree(PriceEntry entry) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", entry.id());
        tree.put("provider", entry.provider());
        Price price = entry.price();
        tree.put("input", usd(price, TokenKind.INPUT));
        tree.put("output", usd(price, TokenKind.OUTPUT));
        tree.put("cacheRead", usd(price, TokenKind.CACHE_READ));
        tree.put("cacheWrite", usd(price, TokenKind.CACHE_WRITE));
        tree.put("cacheWriteLong", usd(price, TokenKind.CACHE_WRITE_LONG));
        price.inBatches().ifPresent(batch -> tree.put("batchInput", usd(batch, TokenKind.INPUT)));
        price.inBatches().ifPresent(batch -> tree.put("batchOutput", usd(batch, TokenKind.OUTPUT)));
        tree.put("worstInput", plain(price.worstPerMillion(TokenKind.INPUT).toUsd()));
        tree.put("worstOutput", plain(price.worstPerMillion(TokenKind.OUTPUT).toUsd()));
        entry.from().ifPresent(day -> tree.put("from", day.toString()));
        entry.last().ifPresent(day -> tree.put("to", day.toString()));
        tree.put("zone", entry.zone().getId());
        tree.put("retired", entry.retired());
        tree.put("source", price.source());
        return tree;
    }

    /** Exact, as text: no figure of money is rounded on its way through JSON. */
    static String usd(Price price, TokenKind kind) {
        return plain(price.perMillion(kind).toUsd());
    }

    private static String plain(BigDecimal usd) {
        BigDecimal bare = usd.stripTrailingZeros();
        return (bare.scale() < 2 ? bare.setScale(2) : bare).toPlainString();
    }
}
