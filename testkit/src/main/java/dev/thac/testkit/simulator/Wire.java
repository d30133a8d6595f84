package dev.thac.testkit.simulator;

/** The wire formats. */
public enum Wire {
    /** Anthropic's Messages API: {@code POST /v1/messages}. */
    ANTHROPIC,
    /** OpenAI's chat completions, which many others speak: {@code POST /v1/chat/completions}. */
    OPENAI
}
