package dev.thac.cascade;

/**
 * One event's question to a model tier.
 *
 * @param input the input as JSON text, quotes included
 * @param account what it costs is put here
 */
record Question(String input, Account account) {

    private static final int CHARS_PER_TOKEN = 3;
    private static final int TOKENS_AROUND = 8;

    /** Input tokens, about and rather too many. */
    int tokens() {
        return input.length() / CHARS_PER_TOKEN + TOKENS_AROUND;
    }
}
