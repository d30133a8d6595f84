package dev.thac.cost;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads one row of a price book. */
final class PriceRow {

    private static final String RETIRED = "retired";
    private static final BigDecimal TWICE = BigDecimal.TWO;

    private PriceRow() {}

    /**
     * Reads a row.
     *
     * @param row an object of the book's {@code models}
     * @param zone whose days its validity is in
     * @return the entry
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static PriceEntry entry(JsonNode row, ZoneId zone) {
        String id = row.path("id").asText();
        if (id.isEmpty()) {
            throw new IllegalArgumentException("a row lacks its id");
        }
        try {
            Optional<LocalDate> from = day(row.path("valid_from"));
            Optional<LocalDate> last = day(row.path("valid_to"));
            if (from.isPresent() && last.filter(from.get()::isAfter).isPresent()) {
                throw new IllegalArgumentException("valid_to is before valid_from");
            }
            return new PriceEntry(
                    id,
                    row.path("provider").asText(),
                    from,
                    last,
                    zone,
                    row.path("valid_to").asText().equals(RETIRED),
                    price(row),
                    sourceDate(row.path("source_date").asText()),
                    row.path("confidence").asText());
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(id + ": " + e.getMessage(), e);
        }
    }

    private static Price price(JsonNode row) {
        Tariff standard = tariff(row);
        List<Price.Step> steps = new ArrayList<>();
        for (JsonNode tier : row.path("tiers")) {
            if (!tier.path("above_input_tokens").isIntegralNumber()) {
                throw new IllegalArgumentException("a tier lacks its above_input_tokens");
            }
            steps.add(
                    new Price.Step(tier.path("above_input_tokens").asLong(), step(standard, tier)));
        }
        JsonNode offPeak = row.path("off_peak");
        if (offPeak.isObject() != row.path("schedule").isObject()) {
            throw new IllegalArgumentException("off_peak and schedule need each other");
        }
        BigDecimal discount = amount(row, "batch_discount", BigDecimal.ZERO);
        if (discount.signum() < 0 || discount.compareTo(BigDecimal.ONE) > 0) {
            throw new IllegalArgumentException("batch_discount must be 0 to 1");
        }
        return new Price(
                        standard,
                        steps,
                        offPeak.isObject() ? tariff(offPeak) : null,
                        peak(row.path("schedule")),
                        source(row))
                .withBatchDiscount(discount);
    }

    private static String source(JsonNode row) {
        String source = row.path("source").asText();
        String date = row.path("source_date").asText();
        return date.isEmpty() ? source : source + ", " + date;
    }

    /**
     * A cache column without a price is charged like input; the long cache, where writing is
     * charged at all, like twice the input: never less than it may cost.
     */
    private static Tariff tariff(JsonNode row) {
        BigDecimal input = amount(row, "input", null);
        BigDecimal write = amount(row, "cache_write", input);
        BigDecimal longer =
                row.path("cache_write").isNumber() ? write.max(input.multiply(TWICE)) : write;
        return new Tariff(
                Tariff.nanos(input),
                Tariff.nanos(amount(row, "cache_read", input)),
                Tariff.nanos(write),
                Tariff.nanos(amount(row, "cache_write_long", longer)),
                Tariff.nanos(amount(row, "output", null)));
    }

    private static Tariff step(Tariff standard, JsonNode tier) {
        return tier.has("input")
                ? tariff(tier)
                : standard.times(
                        amount(tier, "input_multiplier", null),
                        amount(tier, "output_multiplier", null));
    }

    private static BigDecimal amount(JsonNode row, String column, @Nullable BigDecimal otherwise) {
        JsonNode value = row.path(column);
        if (value.isNumber()) {
            return new BigDecimal(value.asText());
        }
        if (!value.isMissingNode() && !value.isNull()) {
            throw new IllegalArgumentException(column + " is no number: " + value);
        }
        if (otherwise == null) {
            throw new IllegalArgumentException("it lacks its " + column);
        }
        return otherwise;
    }

    /** A model that was taken away keeps its last price. */
    private static Optional<LocalDate> day(JsonNode date) {
        return date.isNull() || date.isMissingNode() || date.asText().equals(RETIRED)
                ? Optional.empty()
                : Optional.of(LocalDate.parse(date.asText()));
    }

    /** A day, a month or nothing of the kind. */
    private static Optional<LocalDate> sourceDate(String text) {
        if (text.matches("\\d{4}-\\d{2}")) {
            return Optional.of(YearMonth.parse(text).atDay(1));
        }
        return text.matches("\\d{4}-\\d{2}-\\d{2}")
                ? Optional.of(LocalDate.parse(text))
                : Optional.empty();
    }

    private static @Nullable PeakHours peak(JsonNode schedule) {
        if (!schedule.isObject()) {
            return null;
        }
        List<PeakHours.Window> windows = new ArrayList<>();
        for (JsonNode window : schedule.path("peak")) {
            windows.add(
                    new PeakHours.Window(
                            days(window.path("days").asText()),
                            LocalTime.parse(window.path("from").asText()),
                            LocalTime.parse(window.path("to").asText())));
        }
        return new PeakHours(ZoneId.of(schedule.path("timezone").asText()), windows);
    }

    /** {@code Mon-Fri} or {@code Sat}. */
    private static Set<DayOfWeek> days(String text) {
        String[] ends = text.split("-", -1);
        return EnumSet.range(day(ends[0]), day(ends[ends.length - 1]));
    }

    private static DayOfWeek day(String text) {
        for (DayOfWeek day : DayOfWeek.values()) {
            if (!text.isEmpty() && day.name().startsWith(text.toUpperCase(Locale.ROOT))) {
                return day;
            }
        }
        throw new IllegalArgumentException("no day of the week: " + text);
    }
}
