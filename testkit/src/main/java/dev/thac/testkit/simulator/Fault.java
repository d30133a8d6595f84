package dev.thac.testkit.simulator;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can go wrong with one call. */
public enum Fault {
    /** 429 with {@code retry-after} in seconds. */
    RATE_LIMITED("429"),
    /** 429 without {@code retry-after}. */
    RATE_LIMITED_BARE("429-bare"),
    /** 429 with {@code retry-after} as an HTTP date. */
    RATE_LIMITED_DATE("429-date"),
    /** 429 with {@code retry-after-ms}. */
    RATE_LIMITED_MILLIS("429-ms"),
    /** 529: the whole service is overloaded. */
    OVERLOADED("529"),
    /** 500. */
    SERVER_ERROR("500"),
    /** 502 with a body that is not JSON, as gateways send it. */
    BAD_GATEWAY("502"),
    /** 503. */
    UNAVAILABLE("503"),
    /** 504 with a body that is not JSON. */
    GATEWAY_TIMEOUT("504"),
    /** 401: the key is refused. */
    UNAUTHORIZED("401"),
    /** 403: the key may not do this. */
    FORBIDDEN("403"),
    /** The account's spend cap, in the provider's form. */
    SPEND_CAP("spend-cap"),
    /** The request is read and never answered. */
    HANG("hang"),
    /** Half the answer arrives, then nothing more; the connection stays open. */
    STALL("stall"),
    /** Half the answer arrives, then the connection is closed. */
    RESET("reset"),
    /** The answer stops in the middle at the token limit, and says so. */
    TRUNCATE("truncate"),
    /** The answer is prose. */
    NOT_JSON("notjson"),
    /** The answer is the right JSON inside a Markdown fence. */
    FENCED("fenced"),
    /** The answer is empty. */
    EMPTY("empty"),
    /** One item is missing. */
    MISSING("missing"),
    /** One item comes twice. */
    DUPLICATE("duplicate"),
    /** One item was never asked for. */
    FOREIGN("foreign"),
    /** The items come in another order; nothing is wrong with that. */
    SHUFFLE("shuffle"),
    /** One item's values are all null. */
    SCHEMA("schema"),
    /** The model refuses to answer. */
    REFUSAL("refusal");

    private final String spelling;

    Fault(String spelling) {
        this.spelling = spelling;
    }

    /** How the fault is written in settings and figures. */
    public String spelling() {
        return spelling;
    }

    /**
     * The fault of that spelling.
     *
     * @throws IllegalArgumentException listing the spellings
     */
    public static Fault parse(String text) {
        String wanted = text.trim().toLowerCase(Locale.ROOT);
        for (Fault fault : values()) {
            if (fault.spelling.equals(wanted)) {
                return fault;
            }
        }
        throw new IllegalArgumentException(
                "no fault "
                        + text
                        + "; there are "
                        + Arrays.stream(values())
                                .map(Fault::spelling)
                                .collect(Collectors.joining(", ")));
    }

    /** Whether the provider answers at once, without doing the work. */
    boolean immediate() {
        return switch (this) {
            case RATE_LIMITED,
                    RATE_LIMITED_BARE,
                    RATE_LIMITED_DATE,
                    RATE_LIMITED_MILLIS,
                    OVERLOADED,
                    UNAUTHORIZED,
                    FORBIDDEN,
                    SPEND_CAP ->
                    true;
            default -> false;
        };
    }
}
