package dev.thac.cost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Dated prices by model id. A model or a day it does not know has no price: an empty answer, never
 * zero. Immutable.
 *
 * <p>An id that is not listed but ends in a date ({@code claude-haiku-4-5-20251001}, {@code
 * gpt-4.1-2025-04-14}) is a snapshot and has the price of the id without the date.
 */
public final class PriceBook {

    private static final String RESOURCE = "prices.json";
    private static final Pattern SNAPSHOT = Pattern.compile("-(\\d{8}|\\d{4}-\\d{2}-\\d{2})$");

    private final LocalDate compiled;
    private final Map<String, List<Dated>> models;

    private record Dated(Instant from, Instant until, Price price) {

        boolean holds(Instant at) {
            return !at.isBefore(from) && at.isBefore(until);
        }
    }

    private PriceBook(LocalDate compiled, Map<String, List<Dated>> models) {
        this.compiled = compiled;
        this.models = models;
    }

    /**
     * The book that comes with this version.
     *
     * @return the bundled book
     */
    public static PriceBook bundled() {
        try (InputStream in = PriceBook.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the distribution lacks " + RESOURCE);
            }
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("the bundled price book cannot be read", e);
        }
    }

    /**
     * A book in the format {@code thac-prices/1}, as bundled.
     *
     * @param in JSON; not closed
     * @return the book
     * @throws IOException when it cannot be read or is no such book
     */
    public static PriceBook read(InputStream in) throws IOException {
        JsonNode root = new ObjectMapper().readTree(in);
        if (!root.path("schema").asText().equals("thac-prices/1")) {
            throw new IOException("not a price book: \"schema\" must be thac-prices/1");
        }
        Map<String, List<Dated>> models = new TreeMap<>();
        for (JsonNode row : root.path("models")) {
            models.computeIfAbsent(row.path("id").asText(), _ -> new ArrayList<>())
                    .add(
                            new Dated(
                                    day(row.path("valid_from"), 0, Instant.MIN),
                                    day(row.path("valid_to"), 1, Instant.MAX),
                                    PriceRow.price(row)));
        }
        return new PriceBook(LocalDate.parse(root.path("compiled").asText()), models);
    }

    /**
     * The price of a model in force at a time.
     *
     * @param model the provider's id
     * @param at when
     * @return the price; empty when unknown
     */
    public Optional<Price> price(String model, Instant at) {
        List<Dated> rows = models.get(model);
        if (rows == null) {
            String family = SNAPSHOT.matcher(model).replaceFirst("");
            return family.length() == model.length() ? Optional.empty() : price(family, at);
        }
        return rows.stream().filter(row -> row.holds(at)).map(Dated::price).findFirst();
    }

    /**
     * All ids it has prices for, whatever their dates.
     *
     * @return the ids, sorted
     */
    public Set<String> models() {
        return Collections.unmodifiableSet(models.keySet());
    }

    /**
     * The day the book was compiled; its age is reported.
     *
     * @return the day
     */
    public LocalDate compiled() {
        return compiled;
    }

    /** The day's start, or that of the day {@code plus} later; a retired model keeps its price. */
    private static Instant day(JsonNode date, int plus, Instant otherwise) {
        if (date.isNull() || date.isMissingNode() || date.asText().equals("retired")) {
            return otherwise;
        }
        return LocalDate.parse(date.asText())
                .plusDays(plus)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }
}
