package dev.thac.event;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what goes to webhooks, as Stripe signs its own: {@code t=SECONDS,v1=HEX}, where HEX is the
 * HMAC-SHA256 of {@code SECONDS.BODY}. A receiver computes the same and refuses old times.
 * Stateless.
 */
public final class Signature {

    /** The header it goes into. */
    public static final String HEADER = "Thac-Signature";

    private Signature() {}

    /**
     * The value of the header.
     *
     * @param secret the shared secret
     * @param seconds the time, in seconds since 1970
     * @param body what is sent
     * @return for example {@code t=1793491200,v1=5257a8…}
     */
    public static String of(String secret, long seconds, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((seconds + ".").getBytes(StandardCharsets.UTF_8));
            return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
