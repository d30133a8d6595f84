package dev.thac.sink;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which type a column gets in a table that a sink creates. Stateless. */
public final class ColumnTypes {

    /** Types a file may ask for. */
    private static final Set<String> NAMES =
            Set.of(
                    "smallint",
                    "integer",
                    "bigint",
                    "numeric",
                    "real",
                    "double precision",
                    "boolean",
                    "text",
                    "uuid",
                    "date",
                    "timestamp",
                    "timestamptz",
                    "json",
                    "jsonb");

    private static final Pattern SIZED =
            Pattern.compile("(varchar|numeric)\\(\\d{1,5}(, ?\\d{1,4})?\\)");

    private ColumnTypes() {}

    /**
     * Whether a file may ask for a type.
     *
     * @param type as in the file
     * @return true when it may
     */
    public static boolean known(String type) {
        String name = type.toLowerCase(Locale.ROOT);
        return NAMES.contains(name) || SIZED.matcher(name).matches();
    }

    /**
     * All types a file may ask for.
     *
     * @return their names, sorted
     */
    public static List<String> names() {
        return NAMES.stream().sorted().toList();
    }

    /**
     * The type that takes all of these values, and others of their kind: whole numbers {@code
     * bigint}, other numbers {@code numeric}, truth values {@code boolean}, points in time as RFC
     * 3339 writes them {@code timestamptz}, objects and lists {@code jsonb}; {@code text} for other
     * texts, for mixtures, and where there is no value yet.
     */
    static String of(List<@Nullable Object> values) {
        String type = "";
        for (Object value : values) {
            if (value != null) {
                String mine = of(value);
                if (type.isEmpty()) {
                    type = mine;
                } else if (!type.equals(mine)) {
                    boolean numbers = Set.of("bigint", "numeric").containsAll(Set.of(type, mine));
                    type = numbers ? "numeric" : "text";
                }
            }
        }
        return type.isEmpty() ? "text" : type;
    }

    private static String of(Object value) {
        return switch (value) {
            case Boolean _ -> "boolean";
            case Long _ -> "bigint";
            case BigInteger _, BigDecimal _, Double _ -> "numeric";
            case Map<?, ?> _, List<?> _ -> "jsonb";
            case String text when instant(text) -> "timestamptz";
            default -> "text";
        };
    }

    private static boolean instant(String text) {
        if (text.length() < "2026-01-01T00:00Z".length() || text.charAt(4) != '-') {
            return false;
        }
        try {
            OffsetDateTime _ = OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeException _) {
            return false;
        }
    }
}
