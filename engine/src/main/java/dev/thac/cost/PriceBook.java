package dev.thac.cost;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
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
 * <p>The days of a book begin at midnight in its {@code zone}, UTC where it names none. An id that
 * is not listed but ends in a date ({@code claude-haiku-4-5-20251001}, {@code gpt-4.1-2025-04-14})
 * is a snapshot and has the price of the id without the date.
 */
public final class PriceBook {

    /** Name of a project's own book, beside its {@code thac.yaml} or its pipeline file. */
    public static final String OWN_FILE = "prices.json";

    private static final String RESOURCE = "prices.json";
    private static final String SCHEMA = "thac-prices/1";
    private static final Pattern SNAPSHOT = Pattern.compile("-(\\d{8}|\\d{4}-\\d{2}-\\d{2})$");

    private final LocalDate compiled;
    private final Map<String, List<PriceEntry>> models;

    private PriceBook(LocalDate compiled, Map<String, List<PriceEntry>> models) {
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
     * The book a project uses: the bundled one, under the project's own where it has one.
     *
     * @param folder where the project's {@code thac.yaml}, or its pipeline file, is
     * @return the book
     * @throws ThacException {@code BAD_SPEC} when its own book is not right
     */
    public static PriceBook of(Path folder) {
        Path own = folder.resolve(OWN_FILE);
        return Files.isRegularFile(own) ? bundled().under(read(own)) : bundled();
    }

    /**
     * A book in a file.
     *
     * @param file JSON in the format {@code thac-prices/1}
     * @return the book
     * @throws ThacException {@code BAD_SPEC} when it is no such book, or has wrong rows
     */
    public static PriceBook read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in);
        } catch (IOException e) {
            throw new ThacException(ErrorCode.BAD_SPEC, file + ": " + e.getMessage(), e);
        }
    }

    /**
     * A book in the format {@code thac-prices/1}, as bundled.
     *
     * @param in JSON; not closed
     * @return the book
     * @throws IOException when it cannot be read or is no such book; says everything that is wrong
     *     with its rows
     */
    public static PriceBook read(InputStream in) throws IOException {
        JsonNode root = new ObjectMapper().readTree(in);
        if (!root.path("schema").asText().equals(SCHEMA)) {
            throw new IOException("not a price book: \"schema\" must be " + SCHEMA);
        }
        try {
            LocalDate compiled = LocalDate.parse(root.path("compiled").asText());
            ZoneId zone = ZoneId.of(root.path("zone").asText("UTC"));
            return new PriceBook(compiled, models(root.path("models"), zone));
        } catch (DateTimeException e) {
            throw new IOException(
                    "not a price book: \"compiled\" must be a day and \"zone\" a time zone", e);
        }
    }

    private static Map<String, List<PriceEntry>> models(JsonNode rows, ZoneId zone)
            throws IOException {
        Map<String, List<PriceEntry>> models = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        for (JsonNode row : rows) {
            try {
                PriceEntry entry = PriceRow.entry(row, zone);
                List<PriceEntry> others =
                        models.computeIfAbsent(entry.id(), _ -> new ArrayList<>());
                if (others.stream().anyMatch(entry::contradicts)) {
                    problems.add(entry.id() + ": two rows hold on the same day");
                }
                others.add(entry);
            } catch (IllegalArgumentException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new IOException(String.join("\n", problems));
        }
        return models;
    }

    /**
     * This book under another one: what the other has a price for is its; this one has the rest.
     *
     * @param own the other book
     * @return both; compiled when this one was
     */
    public PriceBook under(PriceBook own) {
        Map<String, List<PriceEntry>> all = new TreeMap<>();
        own.models.forEach((id, rows) -> all.put(id, new ArrayList<>(rows)));
        models.forEach((id, rows) -> all.computeIfAbsent(id, _ -> new ArrayList<>()).addAll(rows));
        return new PriceBook(compiled, all);
    }

    /**
     * The price of a model in force at a time.
     *
     * @param model the provider's id
     * @param at when
     * @return the price; empty when unknown
     */
    public Optional<Price> price(String model, Instant at) {
        return entry(model, at).map(PriceEntry::price);
    }

    /**
     * The row in force at a time.
     *
     * @param model the provider's id
     * @param at when
     * @return the row; empty when the price is unknown
     */
    public Optional<PriceEntry> entry(String model, Instant at) {
        List<PriceEntry> rows = models.get(model);
        if (rows == null) {
            String family = SNAPSHOT.matcher(model).replaceFirst("");
            return family.length() == model.length() ? Optional.empty() : entry(family, at);
        }
        return rows.stream().filter(row -> row.holds(at)).findFirst();
    }

    /**
     * All rows, those of one model together, in the order in which they are looked at.
     *
     * @return the rows by id, sorted
     */
    public List<PriceEntry> entries() {
        return models.values().stream().flatMap(List::stream).toList();
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
}
