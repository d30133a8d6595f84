package dev.thac.plan;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

import dev.thac.event.JsonText;
import dev.thac.model.ModelRequest;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts tokens with {@code o200k_base}, the public encoding of OpenAI's current models. Other
 * providers' are not public; theirs may differ by a third, which only their own counts can settle.
 * Used by one thread.
 */
public final class Tokenizer {

    /** What a request costs besides its texts: roles and separators, about. */
    private static final int FRAME = 8;

    private final Encoding encoding =
            Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);
    private final Map<String, Integer> counted = new HashMap<>();

    /**
     * Counts.
     *
     * @param text any text
     * @return its tokens
     */
    public int count(String text) {
        return encoding.countTokensOrdinary(text);
    }

    /**
     * What every call takes, whatever it carries: instructions, answer schema and frame.
     *
     * @param request any request of the tier
     * @return input tokens
     */
    int perCall(ModelRequest request) {
        return FRAME
                + once(request.instructions())
                + once(JsonText.text(request.answerSchema()))
                + once("{\"items\":[]}");
    }

    /**
     * What the items of a request take, their wrappers included: number, quotes, commas.
     *
     * @param request the request
     * @return input tokens
     */
    int items(ModelRequest request) {
        return Math.max(0, count(request.content()) - once("{\"items\":[]}"));
    }

    private int once(String text) {
        return counted.computeIfAbsent(text, this::count);
    }

    /** How far off the count may be for a model. */
    static String source(String modelId) {
        return modelId.startsWith("gpt-")
                ? "counted with o200k_base, the model's own encoding"
                : "counted with o200k_base; this model's tokenizer is not public: up to 30 % off";
    }
}
