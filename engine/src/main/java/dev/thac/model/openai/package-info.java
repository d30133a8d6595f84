/** The chat/completions API of OpenAI and those compatible with it. */
@NullMarked
package dev.thac.model.openai;

import org.jspecify.annotations.NullMarked;
