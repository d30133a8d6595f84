package dev.thac.acceptance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One output record.
 *
 * @param record as it was read
 */
record Written(ConsumerRecord<byte[], byte[]> record) {

    static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** The value as JSON. */
    JsonNode json() {
        try {
            return JSON.readTree(text());
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text(), e);
        }
    }

    /** The value as text. */
    String text() {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    /** The key as text; empty when there is none. */
    String key() {
        return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    }

    /** One analysis of the value. */
    JsonNode analysis(String name) {
        return json().path("analysis").path(name);
    }

    /** The last header of that name as text; empty when there is none. */
    String header(String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** A header that is a number; 0 when there is none. */
    long number(String name) {
        String text = header(name);
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    /** The sum of such headers. */
    static long sum(List<Written> records, String header) {
        return records.stream().mapToLong(record -> record.number(header)).sum();
    }
}
