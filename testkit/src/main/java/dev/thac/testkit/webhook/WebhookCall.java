package dev.thac.testkit.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A call as it arrived.
 *
 * @param number in the order of arrival, from 1
 * @param at when
 * @param method for example {@code POST}
 * @param path with its query
 * @param headers the first value of each, names in lower case
 * @param text the body, as UTF-8
 */
public record WebhookCall(
        int number,
        Instant at,
        String method,
        String path,
        Map<String, String> headers,
        String text) {

    private static final Pattern SIGNATURE = Pattern.compile("t=(\\d+),v1=([0-9a-f]{64})");

    /** Copies the headers. */
    public WebhookCall {
        headers = Map.copyOf(headers);
    }

    /**
     * One header.
     *
     * @param name in any case
     * @return its first value
     */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /**
     * The key by which a receiver knows a call again.
     *
     * @return the header {@code Idempotency-Key}; empty text where there is none
     */
    public String idempotencyKey() {
        return header("Idempotency-Key").orElse("");
    }

    /**
     * Whether the body was signed with a secret, not long before it arrived: what a careful
     * receiver asks.
     *
     * @param secret the shared secret
     * @return true when {@code Thac-Signature} is right and at most five minutes old
     */
    public boolean signed(String secret) {
        Matcher matcher = SIGNATURE.matcher(header("Thac-Signature").orElse(""));
        if (!matcher.matches()) {
            return false;
        }
        long age = at.getEpochSecond() - Long.parseLong(matcher.group(1));
        byte[] expected = hmac(secret, matcher.group(1) + "." + text);
        return Math.abs(age) <= 300
                && MessageDigest.isEqual(expected, HexFormat.of().parseHex(matcher.group(2)));
    }

    private static byte[] hmac(String secret, String message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
