package dev.thac.model;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A key by reference, read when a call needs it, so that a rotated key is found. Never printed: its
 * {@link #toString} is the reference. Thread-safe.
 */
public final class ApiKey {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)}");

    private final String reference;
    private final boolean file;
    private final String place;
    private final Map<String, String> environment;
    private final boolean required;

    /** The content of the file when it was last read. */
    private volatile @Nullable String known;

    /**
     * A key.
     *
     * @param reference {@code ${env:NAME}} or {@code ${file:path}}
     * @param environment where variables are looked up
     * @param required whether a call without it is pointless
     * @throws IllegalArgumentException when the reference is none
     */
    public ApiKey(String reference, Map<String, String> environment, boolean required) {
        Matcher matcher = REFERENCE.matcher(reference);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "a key is given as ${env:NAME} or ${file:path}, not in the file itself");
        }
        this.reference = reference;
        this.file = matcher.group(1).equals("file");
        this.place = matcher.group(2);
        this.environment = environment;
        this.required = required;
    }

    /**
     * The key.
     *
     * @return the key; empty when there is none and none is required
     * @throws ModelException {@code AUTH} when one is required and there is none
     */
    public Optional<String> read() throws ModelException {
        String key = file ? content() : environment.get(place);
        if (key != null && !key.isBlank()) {
            return Optional.of(key.strip());
        }
        if (required) {
            throw new ModelException(
                    ModelException.Kind.AUTH,
                    file
                            ? "no key: the file " + place + " cannot be read or is empty"
                            : "no key: the environment variable " + place + " is not set",
                    Optional.empty());
        }
        return Optional.empty();
    }

    /** Makes the next {@link #read} look again: the key was refused and may have been rotated. */
    public void forget() {
        known = null;
    }

    /** Returns the reference, which is no secret. */
    @Override
    public String toString() {
        return reference;
    }

    private @Nullable String content() {
        String key = known;
        if (key == null) {
            try {
                key = Files.readString(Path.of(place));
            } catch (IOException e) {
                return null; // the same as an empty file: the caller says what is missing
            }
            known = key;
        }
        return key;
    }
}
