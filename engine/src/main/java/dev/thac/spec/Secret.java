package dev.thac.spec;

/**
 * Where a secret stands: {@code ${env:NAME}} or {@code ${file:path}}. The secret itself is read
 * when needed and never kept here, printed or logged.
 *
 * @param reference the reference as written
 */
public record Secret(String reference) {

    /** Returns the reference, which is no secret. */
    @Override
    public String toString() {
        return reference;
    }
}
