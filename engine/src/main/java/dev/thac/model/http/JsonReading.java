package dev.thac.model.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;

/**
 * Reads answers as a stream: the few fields needed, in any order, without a tree. A value of an
 * unexpected kind is skipped like an unknown field.
 */
public final class JsonReading {

    private JsonReading() {}

    /** Takes one field; the parser stands on its value and must be left on its end. */
    public interface Field {

        /**
         * Takes it.
         *
         * @param name the field's name
         * @param json on the value
         * @throws IOException when the text is no JSON
         */
        void read(String name, JsonParser json) throws IOException;
    }

    /** Takes one element; the parser stands on it and must be left on its end. */
    public interface Element {

        /**
         * Takes it.
         *
         * @param json on the element
         * @throws IOException when the text is no JSON
         */
        void read(JsonParser json) throws IOException;
    }

    /**
     * Opens a text that must be an object.
     *
     * @param body UTF-8
     * @return a parser on its start
     * @throws IOException when it is not
     */
    public static JsonParser object(byte[] body) throws IOException {
        JsonParser json = JsonWriting.FACTORY.createParser(body);
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new IOException("not a JSON object");
        }
        return json;
    }

    /**
     * Goes through an object; anything else is skipped.
     *
     * @param json on the object's start; left on its end
     * @param field takes each field
     * @throws IOException when the text is no JSON
     */
    public static void fields(JsonParser json, Field field) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            if (name == null) {
                throw new IOException("the text ends inside an object");
            }
            json.nextToken();
            field.read(name, json);
        }
    }

    /**
     * Goes through an array; anything else is skipped.
     *
     * @param json on the array's start; left on its end
     * @param element takes each element
     * @throws IOException when the text is no JSON
     */
    public static void elements(JsonParser json, Element element) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        for (JsonToken token = json.nextToken();
                token != JsonToken.END_ARRAY;
                token = json.nextToken()) {
            if (token == null) {
                throw new IOException("the text ends inside an array");
            }
            element.read(json);
        }
    }

    /**
     * A string.
     *
     * @param json on the value
     * @return the string; empty for {@code null} and anything else
     * @throws IOException when the text is no JSON
     */
    public static String text(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        json.skipChildren();
        return "";
    }

    /**
     * A whole number.
     *
     * @param json on the value
     * @param otherwise for {@code null} and anything else
     * @return the number, not negative
     * @throws IOException when the text is no JSON
     */
    public static long number(JsonParser json, long otherwise) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return Math.max(0, json.getLongValue());
        }
        json.skipChildren();
        return otherwise;
    }
}
