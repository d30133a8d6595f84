package dev.thac.redact;

/** Built-in detectors of personal data. In files the names are lower case with hyphens. */
public enum RedactKind {
    /** E-mail addresses. */
    EMAIL,
    /** Phone numbers. */
    PHONE,
    /** Payment card numbers. */
    CARD,
    /** Vietnamese national identity numbers. */
    NATIONAL_ID
}
