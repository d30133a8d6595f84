package dev.thac.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Terminal;
import dev.thac.cost.PriceBook;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;

/** {@code thac prices set}. */
@Command(
        name = "set",
        header = "Write an own price into the project's prices.json.",
        description =
                "USD per million tokens. On the days it covers it wins over the bundled book."
                        + " Several prices of one model may follow each other.",
        mixinStandardHelpOptions = true)
final class PricesSetCommand implements Callable<Integer> {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Terminal terminal;

    @Parameters(paramLabel = "ID", description = "The provider's model id.")
    private String id = "";

    @Option(names = "--input", required = true, paramLabel = "USD", description = "Input tokens.")
    private BigDecimal input = BigDecimal.ZERO;

    @Option(names = "--output", required = true, paramLabel = "USD", description = "Output tokens.")
    private BigDecimal outputPrice = BigDecimal.ZERO;

    @Option(names = "--cache-read", paramLabel = "USD", description = "Default: as input.")
    private @Nullable BigDecimal cacheRead;

    @Option(names = "--cache-write", paramLabel = "USD", description = "Default: as input.")
    private @Nullable BigDecimal cacheWrite;

    @Option(
            names = "--cache-write-long",
            paramLabel = "USD",
            description = "Cache writes for an hour. Default: twice the input.")
    private @Nullable BigDecimal cacheWriteLong;

    @Option(names = "--from", paramLabel = "DAY", description = "First day. Default: since ever.")
    private @Nullable LocalDate from;

    @Option(names = "--to", paramLabel = "DAY", description = "Last day. Default: for ever.")
    private @Nullable LocalDate to;

    PricesSetCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Path own = ProjectFile.home(terminal).resolve(PriceBook.OWN_FILE);
        ObjectNode book = book(own);
        ArrayNode kept = MAPPER.createArrayNode();
        for (JsonNode row : book.path("models")) {
            if (!same(row)) {
                kept.add(row);
            }
        }
        kept.add(row());
        book.set("models", kept);
        byte[] bytes =
                (MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(book) + "\n")
                        .getBytes(StandardCharsets.UTF_8);
        Path whole = Files.createTempFile(own.getParent(), "prices", ".json");
        try {
            Files.write(whole, bytes);
            PriceBook _ = PriceBook.read(whole); // two prices for one day are refused
            Files.move(
                    whole,
                    own,
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(whole);
        }
        terminal.err().println(own + ": " + id + " has its price");
        return ExitCode.OK.number();
    }

    private static ObjectNode book(Path own) throws IOException {
        if (Files.exists(own)) {
            PriceBook _ = PriceBook.read(own);
            return (ObjectNode) MAPPER.readTree(own.toFile());
        }
        ObjectNode book = MAPPER.createObjectNode();
        book.put("schema", "thac-prices/1")
                .put("currency", "USD")
                .put("unit", "per 1M tokens")
                .put("zone", "UTC")
                .put("compiled", LocalDate.now(ZoneOffset.UTC).toString());
        return book;
    }

    /** The price that this one replaces: of the same model from the same day on. */
    private boolean same(JsonNode row) {
        String first = from == null ? "" : from.toString();
        return row.path("id").asText().equals(id)
                && (row.path("valid_from").isTextual() ? row.path("valid_from").asText() : "")
                        .equals(first);
    }

    private ObjectNode row() {
        ObjectNode row = MAPPER.createObjectNode();
        row.put("id", id).put("provider", "own").put("input", input).put("output", outputPrice);
        row.put("cache_read", cacheRead)
                .put("cache_write", cacheWrite)
                .put("cache_write_long", cacheWriteLong);
        row.put("valid_from", from == null ? null : from.toString())
                .put("valid_to", to == null ? null : to.toString());
        row.put("source", "own price").put("source_date", LocalDate.now(ZoneOffset.UTC).toString());
        return row;
    }
}
