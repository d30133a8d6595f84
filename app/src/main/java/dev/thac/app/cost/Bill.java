package dev.thac.app.cost;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.thac.event.Money;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A provider's bill by day and model. Three forms are read:
 *
 * <ul>
 *   <li>CSV whose first line names the columns, {@code day}, {@code model} and {@code usd} among
 *       them
 *   <li>the simulator's {@code GET /bill}
 *   <li>Anthropic's cost report, {@code GET /v1/organizations/cost_report}, grouped by description:
 *       its amounts are cents, its days are UTC
 * </ul>
 *
 * @param zone whose midnight begins its days; empty where it does not say
 * @param amounts money by day and model
 */
public record Bill(Optional<ZoneId> zone, SortedMap<Line, Money> amounts) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * Whose money it is.
     *
     * @param day the day
     * @param model the provider's model id
     */
    public record Line(LocalDate day, String model) implements Comparable<Line> {
        @Override
        public int compareTo(Line other) {
            int byDay = day.compareTo(other.day);
            return byDay == 0 ? model.compareTo(other.model) : byDay;
        }
    }

    /**
     * Reads a bill.
     *
     * @param text CSV or JSON
     * @return the bill
     * @throws IllegalArgumentException when it is in none of the forms
     */
    public static Bill read(String text) {
        try {
            return text.strip().startsWith("{") ? json(MAPPER.readTree(text)) : csv(text);
        } catch (DateTimeException | ArithmeticException | JsonProcessingException e) {
            throw new IllegalArgumentException("the bill cannot be read: " + e.getMessage(), e);
        }
    }

    private static Bill json(JsonNode root) {
        TreeMap<Line, Money> amounts = new TreeMap<>();
        if (root.path("lines").isArray()) {
            for (JsonNode line : root.path("lines")) {
                add(
                        amounts,
                        LocalDate.parse(line.path("day").asText()),
                        line.path("model").asText(),
                        new Money(line.path("usdNanos").asLong()));
            }
            return new Bill(Optional.of(ZoneId.of(root.path("zone").asText("UTC"))), amounts);
        }
        if (!root.path("data").isArray()) {
            throw new IllegalArgumentException("the bill has neither \"lines\" nor \"data\"");
        }
        for (JsonNode bucket : root.path("data")) {
            LocalDate day = OffsetDateTime.parse(bucket.path("starting_at").asText()).toLocalDate();
            for (JsonNode result : bucket.path("results")) {
                BigDecimal cents = new BigDecimal(result.path("amount").asText("0"));
                add(amounts, day, result.path("model").asText(), Money.usd(cents.movePointLeft(2)));
            }
        }
        return new Bill(Optional.of(ZoneOffset.UTC), amounts);
    }

    private static Bill csv(String text) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        List<String> columns = lines.isEmpty() ? List.of() : cells(lines.getFirst());
        int day = column(columns, "day");
        int model = column(columns, "model");
        int usd = column(columns, "usd");
        TreeMap<Line, Money> amounts = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            List<String> cells = cells(line);
            if (cells.size() < columns.size()) {
                throw new IllegalArgumentException("a line of the bill is too short: " + line);
            }
            try {
                BigDecimal amount = new BigDecimal(cells.get(usd));
                add(
                        amounts,
                        LocalDate.parse(cells.get(day)),
                        cells.get(model),
                        new Money(
                                amount.movePointRight(9)
                                        .setScale(0, RoundingMode.UNNECESSARY)
                                        .longValueExact()));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("no amount of money: " + cells.get(usd), e);
            }
        }
        return new Bill(Optional.empty(), amounts);
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.split(",", -1)).map(String::strip).toList();
    }

    private static int column(List<String> columns, String name) {
        int column = columns.indexOf(name);
        if (column < 0) {
            throw new IllegalArgumentException("the bill's first line lacks the column " + name);
        }
        return column;
    }

    private static void add(Map<Line, Money> amounts, LocalDate day, String model, Money amount) {
        if (amount.nanos() != 0) {
            amounts.merge(new Line(day, model), amount, Money::plus);
        }
    }
}
