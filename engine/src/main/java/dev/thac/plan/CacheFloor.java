package dev.thac.plan;

/**
 * From how many tokens on a provider caches a prompt; below that it silently does not. Anthropic's
 * floors differ by model (its prompt caching page); OpenAI caches from 1,024 tokens.
 */
final class CacheFloor {

    private static final int USUAL = 1024;

    private CacheFloor() {}

    static int of(String model) {
        if (model.startsWith("claude-opus-5") || model.startsWith("claude-fable-5")) {
            return 512;
        }
        if (model.startsWith("claude-opus-4-7") || model.startsWith("claude-3")) {
            return 2048;
        }
        if (model.startsWith("claude-opus-4-6")
                || model.startsWith("claude-opus-4-5")
                || model.startsWith("claude-haiku-4-5")) {
            return 4096;
        }
        return USUAL;
    }
}
