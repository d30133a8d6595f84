package dev.thac.model;

/** Which wire format a model speaks. In files the names are lower case with hyphens. */
public enum Provider {
    /** The Messages API. */
    ANTHROPIC,
    /** chat/completions, spoken by OpenAI, DeepSeek, Gemini, Mistral, Ollama, vLLM and gateways. */
    OPENAI
}
