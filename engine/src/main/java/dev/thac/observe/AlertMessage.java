package dev.thac.observe;

import dev.thac.event.JsonText;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is sent when an alert fires, goes on firing, or clears.
 *
 * @param pipeline whose alert
 * @param instance which process says so
 * @param rule the alert
 * @param subject the model, tier or budget it is about; empty for the pipeline
 * @param firing true when it fires, false when it has cleared
 * @param figures the figures at which it held last, in words
 * @param since when it fired
 * @param at when this is said
 * @param times how often it has been said that it fires
 */
public record AlertMessage(
        String pipeline,
        String instance,
        AlertRule rule,
        String subject,
        boolean firing,
        String figures,
        Instant since,
        Instant at,
        int times) {

    /**
     * The record key of a message: the same for all messages of one alert.
     *
     * @return pipeline and alert
     */
    public String key() {
        return pipeline + "|" + rule.name();
    }

    /**
     * What tells this message from every other, the same however often it is sent.
     *
     * @return the id
     */
    public String id() {
        return String.join(
                "|",
                pipeline,
                rule.name(),
                subject,
                instance,
                since.toString(),
                firing ? "firing" + (times > 1 ? "-" + times : "") : "resolved");
    }

    /**
     * The message.
     *
     * @return UTF-8 JSON
     */
    public byte[] json() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", id());
        tree.put("pipeline", pipeline);
        tree.put("alert", rule.name());
        if (!subject.isEmpty()) {
            tree.put("subject", subject);
        }
        tree.put("state", firing ? "firing" : "resolved");
        tree.put("severity", rule.severity().label());
        tree.put("summary", summary());
        tree.put("condition", rule.condition().text());
        tree.put("figures", figures);
        tree.put("meaning", rule.words().meaning());
        tree.put("lookAt", rule.words().look());
        tree.put("since", since.toString());
        tree.put("at", at.toString());
        tree.put("times", (long) times);
        tree.put("instance", instance);
        return JsonText.bytes(tree);
    }

    private String summary() {
        return pipeline
                + " "
                + rule.words().summary()
                + (subject.isEmpty() ? "" : ": " + subject)
                + (firing ? "" : " (no longer)");
    }
}
