package dev.thac.testkit.simulator;

import dev.thac.testkit.answer.AnswerSchema;

import java.util.Optional;

/**
 * What both wire formats ask for.
 *
 * @param model the model id
 * @param system the instructions; empty when there are none
 * @param content the user's message
 * @param effort how hard to think; empty when the request says nothing
 * @param maxTokens the limit on the answer; 0 for none
 * @param schema what the answer has to look like; empty for free text
 * @param inputTokens the request's size
 */
record CallRequest(
        String model,
        String system,
        String content,
        String effort,
        long maxTokens,
        Optional<AnswerSchema> schema,
        long inputTokens) {}
