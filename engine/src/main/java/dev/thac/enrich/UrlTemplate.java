package dev.thac.enrich;

import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Template;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A URL with placeholders for values. Each value is percent-encoded as a whole (RFC 3986, all but
 * unreserved characters), so that no text of an event changes the host, adds a path segment or a
 * parameter. Thread-safe.
 */
public final class UrlTemplate {

    /** Scheme, host and the first slash are the file's own. */
    private static final Pattern START =
            Pattern.compile("https?://[^/?#{}\\s@]+(/.*|\\?.*)?", Pattern.DOTALL);

    private static final String UNRESERVED = "-._~";

    private final Template template;

    private UrlTemplate(Template template) {
        this.template = template;
    }

    /**
     * Parses.
     *
     * @param text as written in a file
     * @return the template
     * @throws ExpressionException when a placeholder is wrong
     * @throws IllegalArgumentException when it is no URL whose host is fixed: what is wrong
     */
    public static UrlTemplate parse(String text) throws ExpressionException {
        if (!START.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "the URL must begin with http:// or https:// and a host of its own, without"
                            + " placeholders");
        }
        UrlTemplate template = new UrlTemplate(Template.parse(text));
        URI.create(text.replaceAll("\\{\\{[^}]*}}", "x"));
        return template;
    }

    /**
     * The URL for an event.
     *
     * @param event the event
     * @return empty where a value is missing or empty: there is nothing to ask for
     * @throws LookupException for a value that would change the path however it is encoded
     */
    public Optional<String> url(Event event) throws LookupException {
        boolean[] wrong = new boolean[2];
        String url =
                template.render(
                        event,
                        value -> {
                            wrong[0] |= value.isEmpty();
                            wrong[1] |= value.equals(".") || value.equals("..");
                            return encoded(value);
                        });
        if (wrong[1]) {
            throw LookupException.never(
                    ErrorCode.LOOKUP_REFUSED,
                    "a value of the URL is only dots, which would change its path");
        }
        return wrong[0] ? Optional.empty() : Optional.of(url);
    }

    private static String encoded(String value) {
        StringBuilder text = new StringBuilder(value.length() + 8);
        for (byte each : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xFF);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || UNRESERVED.indexOf(c) >= 0;
            if (plain) {
                text.append(c);
            } else {
                text.append('%')
                        .append(Character.forDigit(c >> 4, 16))
                        .append(Character.forDigit(c & 15, 16));
            }
        }
        return text.toString();
    }
}
