package dev.thac.spec;

import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads secrets from where they stand. No message of this class holds a secret. Immutable; safe to
 * share.
 */
public final class Secrets {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)\\}");

    private final Map<String, String> environment;
    private final Path folder;

    /**
     * Secrets of one pipeline.
     *
     * @param environment environment variables by name
     * @param folder what relative files are relative to
     */
    public Secrets(Map<String, String> environment, Path folder) {
        this.environment = Map.copyOf(environment);
        this.folder = folder;
    }

    /**
     * The secret itself, line ends at its end removed.
     *
     * @param secret where it stands
     * @return the secret; keep it short-lived, never log it
     * @throws ThacException ({@code bad-spec}) when it is not there or empty
     */
    public String reveal(Secret secret) {
        Matcher matcher = REFERENCE.matcher(secret.reference());
        if (!matcher.matches()) {
            throw new ThacException(
                    ErrorCode.BAD_SPEC, "a secret must be given as ${env:NAME} or ${file:path}");
        }
        return read(matcher.group(1), matcher.group(2));
    }

    /**
     * A text with every {@code ${env:NAME}} and {@code ${file:path}} in it replaced, as in Kafka
     * settings.
     *
     * @param text as written in a file
     * @return the text with the secrets in it
     * @throws ThacException ({@code bad-spec}) when one is not there or empty
     */
    public String expand(String text) {
        return REFERENCE
                .matcher(text)
                .replaceAll(
                        match -> Matcher.quoteReplacement(read(match.group(1), match.group(2))));
    }

    /**
     * Whether a text refers to a secret.
     *
     * @param text as written in a file
     * @return true when there is at least one reference in it
     */
    public static boolean refers(String text) {
        return REFERENCE.matcher(text).find();
    }

    private String read(String kind, String name) {
        String value = kind.equals("env") ? environment.getOrDefault(name, "") : file(name);
        if (value.isBlank()) {
            throw new ThacException(
                    ErrorCode.BAD_SPEC,
                    kind.equals("env")
                            ? "environment variable " + name + " is not set; a file refers to it"
                            : "the secret file " + name + " is empty");
        }
        return value;
    }

    private String file(String name) {
        try {
            return Files.readString(folder.resolve(name)).stripTrailing();
        } catch (IOException unreadable) {
            throw new ThacException(
                    ErrorCode.BAD_SPEC, "the secret file " + name + " cannot be read", unreadable);
        }
    }
}
