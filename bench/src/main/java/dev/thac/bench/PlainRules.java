package dev.thac.bench;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

import java.nio.charset.StandardCharsets;

/**
 * The work of {@code rules.yaml} as somebody in a hurry would write it: no JSON parser, no
 * expressions, only searches in the text, and the answer glued to the end. It is not correct in
 * general (escapes, member order, nesting); it is here as the bound for what the engine can reach.
 */
final class PlainRules {

    private static final String RATING = "\"rating\":";
    private static final byte[] PIPELINE = bytes("bench-rules");
    private static final byte[] TIER = bytes("rules");

    private PlainRules() {}

    /** Judges one record and makes its output. */
    static ProducerRecord<byte[], byte[]> judge(
            ConsumerRecord<byte[], byte[]> record, String output) {
        String json = new String(record.value(), StandardCharsets.UTF_8);
        int rating = json.charAt(json.indexOf(RATING) + RATING.length()) - '0';
        int rule = json.contains("\"text\":") ? rule(rating, json) : 0;
        String judged =
                json.substring(0, json.length() - 1)
                        + ",\"analysis\":{\"review\":"
                        + answer(rule)
                        + "}}";
        ProducerRecord<byte[], byte[]> out =
                new ProducerRecord<>(output, null, record.timestamp(), record.key(), bytes(judged));
        Headers headers = out.headers();
        headers.add(
                "thac.source",
                bytes(record.topic() + '-' + record.partition() + '@' + record.offset()));
        headers.add("thac.pipeline", PIPELINE);
        headers.add("thac.review.tier", TIER);
        headers.add("thac.review.reason", bytes("rule " + rule));
        return out;
    }

    private static int rule(int rating, String json) {
        if (rating == 5 && (json.contains("sẽ mua lại") || json.contains("se mua lai"))) {
            return 1;
        }
        if (rating <= 2
                && (json.contains("hoàn tiền")
                        || json.contains("hoan tien")
                        || json.contains("refund"))) {
            return 2;
        }
        if (json.contains("Giao hàng chậm")
                || json.contains("giao hang cham")
                || json.contains("Late delivery")) {
            return 3;
        }
        if (rating == 1) {
            return 4;
        }
        if (rating >= 4) {
            return 5;
        }
        return rating == 2 ? 6 : 7;
    }

    private static String answer(int rule) {
        return switch (rule) {
            case 1 -> "{\"sentiment\":\"positive\",\"score\":5,\"urgent\":false}";
            case 2 -> "{\"sentiment\":\"negative\",\"score\":1,\"urgent\":true}";
            case 3 -> "{\"sentiment\":\"negative\",\"score\":2,\"urgent\":false}";
            case 4 -> "{\"sentiment\":\"negative\",\"score\":1,\"urgent\":false}";
            case 5 -> "{\"sentiment\":\"positive\",\"score\":4,\"urgent\":false}";
            case 6 -> "{\"sentiment\":\"negative\",\"score\":2,\"urgent\":false}";
            default -> "{\"sentiment\":\"neutral\",\"score\":3,\"urgent\":false}";
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
