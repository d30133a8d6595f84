package dev.thac.testkit.simulator;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Set;

/** Checks shared by the wire formats. */
final class Fields {

    private Fields() {}

    /**
     * The text of a message's content: a string, or blocks of type text.
     *
     * @param where how messages call the place
     * @throws RefusedException if it is neither
     */
    static String text(JsonNode content, String where) throws RefusedException {
        if (content.isTextual()) {
            return content.asText();
        }
        if (!content.isArray() || content.isEmpty()) {
            throw new RefusedException(
                    Refusal.invalid(where + ": Input should be a valid string or list of blocks"));
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode block : content) {
            if (!"text".equals(block.path("type").asText()) || !block.path("text").isTextual()) {
                throw new RefusedException(
                        Refusal.invalid(where + ": only blocks of type text are understood here"));
            }
            text.append(block.get("text").asText());
        }
        return text.toString();
    }

    /**
     * The first field that is not among the known ones.
     *
     * @return empty text when there is none
     */
    static String unknown(JsonNode object, Set<String> known) {
        for (String name : (Iterable<String>) object::fieldNames) {
            if (!known.contains(name)) {
                return name;
            }
        }
        return "";
    }
}
