package dev.thac.model.http;

import dev.thac.model.RateLimits;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what answers say about limits. Anthropic: {@code
 * anthropic-ratelimit-{requests,input-tokens,output-tokens}-{limit,remaining,reset}}, reset as an
 * RFC 3339 time. OpenAI: {@code x-ratelimit-{limit,remaining,reset}-{requests,tokens}}, reset as a
 * duration such as {@code 6m0s} or {@code 850ms}; its tokens are input and output together and
 * count as input here.
 */
public final class RateLimitHeaders {

    private static final Pattern PART = Pattern.compile("([0-9.]+)(ms|s|m|h|d)");
    private static final double NANOS_PER_SECOND = 1e9;

    private RateLimitHeaders() {}

    /**
     * Reads Anthropic's headers.
     *
     * @param headers of any answer
     * @return what they say
     */
    public static RateLimits anthropic(HttpHeaders headers) {
        if (headers.firstValue("anthropic-ratelimit-requests-limit").isEmpty()
                && headers.firstValue("anthropic-ratelimit-input-tokens-limit").isEmpty()
                && headers.firstValue("anthropic-ratelimit-output-tokens-limit").isEmpty()) {
            return RateLimits.NONE;
        }
        return new RateLimits(
                anthropic(headers, "requests"),
                anthropic(headers, "input-tokens"),
                anthropic(headers, "output-tokens"));
    }

    /**
     * Reads OpenAI's headers.
     *
     * @param headers of any answer
     * @return what they say
     */
    public static RateLimits openai(HttpHeaders headers) {
        if (headers.firstValue("x-ratelimit-limit-requests").isEmpty()
                && headers.firstValue("x-ratelimit-limit-tokens").isEmpty()) {
            return RateLimits.NONE;
        }
        return new RateLimits(
                openai(headers, "requests"), openai(headers, "tokens"), Optional.empty());
    }

    private static Optional<RateLimits.Window> anthropic(HttpHeaders headers, String kind) {
        String prefix = "anthropic-ratelimit-" + kind;
        Duration untilFull =
                headers.firstValue(prefix + "-reset")
                        .flatMap(reset -> until(reset, headers))
                        .orElse(Duration.ZERO);
        return window(headers, prefix + "-limit", prefix + "-remaining", untilFull);
    }

    private static Optional<RateLimits.Window> openai(HttpHeaders headers, String kind) {
        Duration untilFull =
                headers.firstValue("x-ratelimit-reset-" + kind)
                        .map(RateLimitHeaders::duration)
                        .orElse(Duration.ZERO);
        return window(
                headers, "x-ratelimit-limit-" + kind, "x-ratelimit-remaining-" + kind, untilFull);
    }

    private static Optional<RateLimits.Window> window(
            HttpHeaders headers, String limit, String remaining, Duration untilFull) {
        Optional<Double> most = number(headers, limit);
        Optional<Double> left = number(headers, remaining);
        return most.isEmpty() || left.isEmpty()
                ? Optional.empty()
                : Optional.of(new RateLimits.Window(most.get(), left.get(), untilFull));
    }

    private static Optional<Double> number(HttpHeaders headers, String name) {
        return headers.firstValue(name)
                .flatMap(
                        text -> {
                            try {
                                return Optional.of(Double.parseDouble(text.strip()));
                            } catch (NumberFormatException _) {
                                return Optional.empty();
                            }
                        });
    }

    private static Optional<Duration> until(String time, HttpHeaders headers) {
        try {
            Instant then = Instant.parse(time.strip());
            return HttpDate.of(headers).map(now -> Duration.between(now, then));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    static Duration duration(String text) {
        double seconds = 0;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            double unit =
                    switch (part.group(2)) {
                        case "ms" -> 0.001;
                        case "m" -> 60;
                        case "h" -> 3600;
                        case "d" -> 86_400;
                        default -> 1;
                    };
            seconds += Double.parseDouble(part.group(1)) * unit;
        }
        return Duration.ofNanos((long) (seconds * NANOS_PER_SECOND));
    }
}
