package dev.thac.observe;

import java.time.Duration;
import java.util.Optional;

/**
 * One alert as it is evaluated.
 *
 * @param name its name in the file
 * @param condition when it holds
 * @param timing how long
 * @param severity how urgent it is
 * @param words what it says
 * @param topic where messages go, if to a topic
 * @param webhook where messages go, if to an address
 */
public record AlertRule(
        String name,
        Condition condition,
        Timing timing,
        Severity severity,
        Words words,
        Optional<String> topic,
        Optional<WebhookAlertSpec> webhook) {

    /**
     * Times of an alert.
     *
     * @param hold how long the condition must hold before it fires
     * @param clear how long it must have stopped holding before it clears
     * @param repeat say it again so often while it fires; zero: never
     */
    public record Timing(Duration hold, Duration clear, Duration repeat) {}
}
