package dev.thac.model;

import java.util.Map;

/**
 * One question to a model, in no provider's words.
 *
 * @param instructions the system prompt: the task and how to answer; never event text
 * @param content the user message: {@code {"items":[{"i":1,"input":"…"},…]}}, event text as JSON
 *     data
 * @param answerSchema JSON Schema of the whole answer: {@code
 *     {"items":[{"i":1,…fields…,"confidence":0.9},…]}}
 * @param items how many events it carries
 */
public record ModelRequest(
        String instructions, String content, Map<String, Object> answerSchema, int items) {}
