package dev.thac.model;

import dev.thac.event.TokenUsage;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;

/** An adapter whose clients do what a script says; no network. */
final class ScriptedAdapter implements ModelAdapter {

    private final Script script;
    private final AtomicInteger calls = new AtomicInteger();

    /** What a call does. */
    interface Script {

        /**
         * Answers or fails.
         *
         * @param number which call this is, from 1, over all clients
         * @param endpoint whose client was called
         * @param request what was asked
         */
        ModelReply call(int number, Endpoint endpoint, ModelRequest request)
                throws ModelException, InterruptedException;
    }

    ScriptedAdapter(Script script) {
        this.script = script;
    }

    int calls() {
        return calls.get();
    }

    static ModelReply reply() {
        return new ModelReply(
                "{\"items\":[]}",
                ModelReply.Stop.COMPLETE,
                new TokenUsage(100, 0, 0, 50, 0),
                OptionalDouble.empty(),
                "req");
    }

    static ModelException error(ModelException.Kind kind) {
        return new ModelException(kind, kind.toString(), Optional.empty());
    }

    static ModelException error(ModelException.Kind kind, Duration retryAfter) {
        return new ModelException(kind, kind.toString(), Optional.of(retryAfter));
    }

    @Override
    public Provider provider() {
        return Provider.ANTHROPIC;
    }

    @Override
    public URI publicUrl() {
        return URI.create("https://api.example");
    }

    @Override
    public String urlVariable() {
        return "ANTHROPIC_BASE_URL";
    }

    @Override
    public String keyVariable() {
        return "ANTHROPIC_API_KEY";
    }

    @Override
    public ModelClient client(Endpoint endpoint) {
        return (request, _) -> script.call(calls.incrementAndGet(), endpoint, request);
    }
}
