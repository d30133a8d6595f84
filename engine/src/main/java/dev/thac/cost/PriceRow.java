package dev.thac.cost;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads one row of a price book. */
final class PriceRow {

    private PriceRow() {}

    static Price price(JsonNode row) {
        Tariff standard = tariff(row);
        List<Price.Step> steps = new ArrayList<>();
        for (JsonNode tier : row.path("tiers")) {
            steps.add(
                    new Price.Step(tier.path("above_input_tokens").asLong(), step(standard, tier)));
        }
        JsonNode offPeak = row.path("off_peak");
        return new Price(
                standard,
                steps,
                offPeak.isObject() ? tariff(offPeak) : null,
                peak(row.path("schedule")),
                row.path("source").asText() + ", " + row.path("source_date").asText());
    }

    /** A cache column without a price is charged like input: never less than it may cost. */
    private static Tariff tariff(JsonNode row) {
        BigDecimal input = amount(row, "input", null);
        return new Tariff(
                Tariff.nanos(input),
                Tariff.nanos(amount(row, "cache_read", input)),
                Tariff.nanos(amount(row, "cache_write", input)),
                Tariff.nanos(amount(row, "output", null)));
    }

    private static Tariff step(Tariff standard, JsonNode tier) {
        if (tier.has("input")) {
            return tariff(tier);
        }
        BigDecimal input = amount(tier, "input_multiplier", null);
        BigDecimal output = amount(tier, "output_multiplier", null);
        return new Tariff(
                times(standard.input(), input),
                times(standard.cacheRead(), input),
                times(standard.cacheWrite(), input),
                times(standard.output(), output));
    }

    private static long times(long nanos, BigDecimal factor) {
        return factor.multiply(BigDecimal.valueOf(nanos))
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    private static BigDecimal amount(JsonNode row, String column, @Nullable BigDecimal otherwise) {
        JsonNode value = row.path(column);
        if (value.isNumber()) {
            return new BigDecimal(value.asText());
        }
        if (otherwise == null) {
            throw new IllegalArgumentException("a price lacks its " + column);
        }
        return otherwise;
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
            if (day.name().startsWith(text.toUpperCase(Locale.ROOT))) {
                return day;
            }
        }
        throw new IllegalArgumentException("no day of the week: " + text);
    }
}
