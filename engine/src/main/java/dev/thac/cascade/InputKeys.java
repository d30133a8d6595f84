package dev.thac.cascade;

import dev.thac.event.Digest;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;

/**
 * Makes the keys of the answer cache: a digest of what would be asked, that is of the prompts of
 * all model tiers and the input. A changed instruction, schema, model or template is another key.
 * Immutable and thread-safe.
 */
final class InputKeys {

    private final CacheMode mode;
    private final MessageDigest asked;

    /**
     * @param prompts the hashes of the prompts, in the order of the tiers
     */
    InputKeys(CacheMode mode, List<String> prompts) {
        this.mode = mode;
        this.asked = sha256();
        for (String prompt : prompts) {
            asked.update(prompt.getBytes(StandardCharsets.UTF_8));
            asked.update((byte) 0);
        }
    }

    /** The key of an input, as the models would be given it. */
    Digest of(String input) {
        String text = mode == CacheMode.NORMALISED ? normalised(input) : input;
        try {
            // never updated itself: a copy goes on from the prompts
            MessageDigest digest = (MessageDigest) asked.clone();
            return Digest.of(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 of every Java platform can be cloned", e);
        }
    }

    /** Unicode form C, lower case, every run of white space one blank, none at the ends. */
    static String normalised(String text) {
        String lower = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        StringBuilder normalised = new StringBuilder(lower.length());
        boolean gap = false;
        for (int i = 0; i < lower.length(); i++) {
            char letter = lower.charAt(i);
            if (Character.isWhitespace(letter) || Character.isSpaceChar(letter)) {
                gap = !normalised.isEmpty();
            } else {
                if (gap) {
                    normalised.append(' ');
                    gap = false;
                }
                normalised.append(letter);
            }
        }
        return normalised.toString();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
