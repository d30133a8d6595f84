package dev.thac.observe;

import dev.thac.resilience.Ticker;
import dev.thac.webhook.Answer;
import dev.thac.webhook.WebhookSender;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Posts messages to an address, signed where there is a secret. Thread-safe. */
public final class Webhook implements AlertCourier.Channel {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final WebhookSender sender;

    /**
     * A webhook.
     *
     * @param uri where to
     * @param secret signs the body
     * @param ticker the time
     */
    public Webhook(URI uri, Optional<String> secret, Ticker ticker) {
        this.sender = new WebhookSender(uri, secret, ticker);
    }

    @Override
    public String kind() {
        return "webhook";
    }

    @Override
    public void deliver(AlertMessage message) throws UndeliveredException, InterruptedException {
        Answer answer;
        try {
            answer = sender.post(message.json(), message.id(), Map.of(), TIMEOUT);
        } catch (IOException e) {
            throw new UndeliveredException(
                    sender.host() + " cannot be reached: " + e.getClass().getSimpleName(), true);
        }
        if (!answer.taken()) {
            throw new UndeliveredException(
                    sender.host() + " answers " + answer.status(), !answer.refused());
        }
    }

    @Override
    public void close() {
        sender.close();
    }
}
