package dev.thac.model.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.thac.model.ModelException;
import dev.thac.model.ModelException.Kind;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says what a failed answer means. Sources: the error pages of the Messages API
 * (platform.claude.com "Errors", "Rate limits") and of OpenAI ("Error codes", "Spend limits"), and
 * what compatible endpoints send.
 *
 * <p>When in doubt whether the provider or the request is to blame, the provider is: waiting costs
 * time, a dead letter costs an event.
 */
public final class ProviderErrors {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern KEY_LIKE = Pattern.compile("\\bsk-[A-Za-z0-9_*-]{6,}");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\s]+");
    private static final int MAX_WORDS = 300;

    /** What {@code x-should-retry: false} means to us, who wait where others give up. */
    private static final Duration NOT_SOON = Duration.ofSeconds(30);

    /**
     * Codes of 429s, 400s and 402s that mean money, not pace. {@code insufficient_quota} is also
     * the general type of such errors.
     */
    private static final Set<String> SPEND_CODES =
            Set.of(
                    "enforced_spend_limit_reached",
                    "insufficient_quota",
                    "billing_error",
                    "billing_not_active",
                    "billing_hard_limit_reached",
                    "credit_balance_exhausted",
                    "organization_usage_limit_exceeded",
                    "organization_spend_limit_exceeded",
                    "project_spend_limit_exceeded");

    /** Time-outs of gateways: who stands behind them may have done the work. */
    private static final Set<Integer> LATE = Set.of(408, 504);

    private static final Set<String> TOO_LARGE_CODES =
            Set.of(
                    "request_too_large",
                    "context_length_exceeded",
                    "string_above_max_length",
                    "max_tokens_exceeded");

    private static final Pattern SPEND_WORDS =
            Pattern.compile(
                    "(reached|exceeded) your specified .*usage limits|credit balance is too low"
                            + "|spend(ing)? limit|insufficient (balance|credits)");

    private static final Pattern TOO_LARGE_WORDS =
            Pattern.compile(
                    "prompt is too long|maximum context length|exceeds? the (model's )?(maximum"
                            + " )?context|exceed context limit|context window");

    private ProviderErrors() {}

    /** The parts of an error body that both dialects share. */
    private record Words(String type, String code, String message, String requestId) {}

    /**
     * The exception for an answer that is no success.
     *
     * @param answer its status is not 200, or its body is an error
     * @param key masked wherever the provider echoes it; may be empty
     * @return what it means
     */
    public static ModelException of(HttpTransport.Answer answer, String key) {
        Words words = words(answer);
        Optional<Duration> retryAfter =
                RetryAfter.of(answer.headers())
                        .or(
                                () ->
                                        says(answer.headers(), "false")
                                                ? Optional.of(NOT_SOON)
                                                : Optional.empty());
        Kind kind = kind(answer.status(), words, answer.headers());
        StringBuilder message = new StringBuilder("HTTP ").append(answer.status());
        if (!words.type().isEmpty()) {
            message.append(' ').append(words.type());
        }
        if (!words.code().isEmpty() && !words.code().equals(words.type())) {
            message.append(" (").append(words.code()).append(')');
        }
        if (!words.message().isEmpty()) {
            message.append(": ").append(words.message());
        }
        if (!words.requestId().isEmpty()) {
            message.append(" [").append(words.requestId()).append(']');
        }
        return new ModelException(
                kind,
                masked(message.toString(), key),
                retryAfter,
                LATE.contains(answer.status())
                        ? ModelException.Bill.UNKNOWN
                        : ModelException.Bill.NOTHING);
    }

    /**
     * The exception for a success whose body is not what it should be.
     *
     * @param cause what the parser says
     * @return a {@code SERVER} error
     */
    public static ModelException unreadable(IOException cause) {
        String words =
                cause instanceof JsonProcessingException json
                        ? json.getOriginalMessage() // without the source, which is the answer
                        : cause.getMessage();
        return new ModelException(
                Kind.SERVER,
                "HTTP 200 with an unreadable body" + (words == null ? "" : ": " + shortened(words)),
                Optional.empty(),
                ModelException.Bill.UNKNOWN);
    }

    /**
     * Removes keys from a text.
     *
     * @param text any text
     * @param key the key in use; may be empty
     * @return the text without it, and without what looks like one
     */
    static String masked(String text, String key) {
        String without = key.isEmpty() ? text : text.replace(key, "***");
        return KEY_LIKE.matcher(without).replaceAll("sk-***");
    }

    private static Kind kind(int status, Words words, HttpHeaders headers) {
        boolean spend =
                SPEND_CODES.contains(words.code())
                        || SPEND_CODES.contains(words.type())
                        || SPEND_WORDS.matcher(words.message().toLowerCase(Locale.ROOT)).find();
        boolean tooLarge =
                TOO_LARGE_CODES.contains(words.code())
                        || TOO_LARGE_CODES.contains(words.type())
                        || TOO_LARGE_WORDS.matcher(words.message().toLowerCase(Locale.ROOT)).find();
        boolean retryable = says(headers, "true");
        return switch (status) {
            // an unknown model or address: every event would meet it, so it is the account's
            // trouble
            case 401, 404, 407 -> Kind.AUTH;
            case 402 -> Kind.SPEND_CAP;
            case 403 -> spend ? Kind.SPEND_CAP : Kind.AUTH;
            case 413 -> Kind.TOO_LARGE;
            case 429 -> spend ? Kind.SPEND_CAP : Kind.RATE_LIMIT;
            case 503, 529 -> Kind.OVERLOADED;
            case 408, 409, 425 -> Kind.SERVER;
            default -> {
                if (status >= 500) {
                    yield words.type().equals("overloaded_error") ? Kind.OVERLOADED : Kind.SERVER;
                }
                if (status < 400) {
                    yield Kind.SERVER; // a redirect or an odd success: a gateway in the way
                }
                if (spend) {
                    yield Kind.SPEND_CAP;
                }
                if (tooLarge) {
                    yield Kind.TOO_LARGE;
                }
                yield retryable ? Kind.SERVER : Kind.INVALID;
            }
        };
    }

    /** {@code x-should-retry}, as the official clients read it. */
    private static boolean says(HttpHeaders headers, String retry) {
        return headers.firstValue("x-should-retry").filter(retry::equals).isPresent();
    }

    private static Words words(HttpTransport.Answer answer) {
        JsonNode body = MissingNode.getInstance();
        try {
            body = JSON.readTree(answer.body());
        } catch (IOException _) {
            // not JSON: a proxy's page; the status has to do
        }
        JsonNode error = body.path("error");
        String code = error.path("details").path("error_code").asText("");
        String requestId =
                answer.headers()
                        .firstValue("request-id")
                        .or(() -> answer.headers().firstValue("x-request-id"))
                        .orElse(body.path("request_id").asText(""));
        return new Words(
                text(error.path("type")),
                code.isEmpty() ? text(error.path("code")) : code,
                shortened(error.isTextual() ? error.asText() : text(error.path("message"))),
                requestId);
    }

    private static String text(JsonNode node) {
        return node.isNull() ? "" : node.asText("");
    }

    private static String shortened(String text) {
        String line = CONTROL.matcher(text).replaceAll(" ").strip();
        return line.length() <= MAX_WORDS ? line : line.substring(0, MAX_WORDS) + "…";
    }
}
