package dev.thac.app.doctor;

import dev.thac.app.model.ModelSetup;
import dev.thac.app.terminal.Words;
import dev.thac.cost.PriceBook;
import dev.thac.event.ErrorCode;
import dev.thac.event.Finding;
import dev.thac.meter.Meters;
import dev.thac.model.Model;
import dev.thac.model.ModelException;
import dev.thac.model.ModelHealth;
import dev.thac.model.ModelRequest;
import dev.thac.model.ModelSpec;
import dev.thac.model.Models;
import dev.thac.pipeline.FlowSpec;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Keys, prices and, where asked for, a tiny call of each model. */
public final class ModelChecks {

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(30);
    private static final ModelRequest PROBE =
            new ModelRequest(
                    "Answer each item with ok set to true.",
                    "{\"items\":[{\"i\":1,\"input\":\"ping\"}]}",
                    Map.of(
                            "type",
                            "object",
                            "properties",
                            Map.of(
                                    "items",
                                    Map.of(
                                            "type",
                                            "array",
                                            "items",
                                            Map.of(
                                                    "type",
                                                    "object",
                                                    "properties",
                                                    Map.of(
                                                            "i",
                                                            Map.of("type", "integer"),
                                                            "ok",
                                                            Map.of("type", "boolean")),
                                                    "required",
                                                    List.of("i", "ok"),
                                                    "additionalProperties",
                                                    false))),
                            "required",
                            List.of("items"),
                            "additionalProperties",
                            false),
                    1);

    private final Map<String, String> environment;
    private final boolean probe;

    /**
     * Checks.
     *
     * @param environment variables for keys and base URLs
     * @param probe whether to make a call, which costs a fraction of a cent
     */
    public ModelChecks(Map<String, String> environment, boolean probe) {
        this.environment = environment;
        this.probe = probe;
    }

    /**
     * Looks at the models a pipeline uses.
     *
     * @param flow the pipeline
     * @param prices the project's price book
     * @return one or two findings for each model
     * @throws InterruptedException when the calling thread is interrupted
     */
    public List<Finding> of(FlowSpec flow, PriceBook prices) throws InterruptedException {
        Map<String, ModelSpec> used = ModelSetup.used(flow);
        List<Finding> findings = new ArrayList<>();
        Models models = ModelSetup.real(used, environment).open(new Meters(), prices);
        for (Map.Entry<String, ModelSpec> entry : used.entrySet()) {
            String subject = "model " + entry.getKey();
            ModelSpec spec = entry.getValue();
            if (!ModelSetup.reachable(spec, environment)) {
                findings.add(
                        Finding.fail(
                                ErrorCode.PROVIDER_AUTH,
                                subject,
                                spec.model() + ": no key",
                                keyFix(spec)));
            } else if (probe) {
                findings.add(probed(subject, models, entry.getKey()));
            } else {
                findings.add(
                        Finding.ok(
                                subject,
                                spec.model()
                                        + ": a key is set (--probe-models makes a tiny call)"));
            }
            if (models.price(entry.getKey()).isEmpty()) {
                findings.add(
                        Finding.warn(
                                subject,
                                spec.model() + " is not in the price book of " + prices.compiled(),
                                "thac prices set, or under models: price: { input: ..., output: ..."
                                    + " } in USD per million tokens, or price: { free: true }"));
            }
        }
        return findings;
    }

    private static String keyFix(ModelSpec spec) {
        return spec.apiKey()
                .map(key -> "set what " + key.reference() + " refers to")
                .orElse(
                        switch (spec.provider()) {
                            case ANTHROPIC -> "set ANTHROPIC_API_KEY";
                            case OPENAI -> "set OPENAI_API_KEY";
                        });
    }

    private static Finding probed(String subject, Models models, String name)
            throws InterruptedException {
        Model model = models.get(name);
        Instant start = Instant.now();
        try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Model.Paid> reply = thread.submit(() -> model.ask(PROBE));
            try {
                Model.Paid paid = reply.get(PROBE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                return Finding.ok(
                        subject,
                        model.id()
                                + " answered in "
                                + Words.duration(Duration.between(start, Instant.now()))
                                + paid.cost().map(cost -> ", for " + cost).orElse(""));
            } catch (TimeoutException e) {
                reply.cancel(true);
                return Finding.fail(
                        ErrorCode.PROVIDER_UNAVAILABLE,
                        subject,
                        model.id() + ": " + lastTrouble(models, name),
                        "");
            } catch (ExecutionException e) {
                return Finding.fail(
                        ErrorCode.PROVIDER_UNAVAILABLE,
                        subject,
                        model.id() + ": " + (e.getCause() == null ? e : e.getCause()).getMessage(),
                        e.getCause() instanceof ModelException
                                ? "is the model id right?"
                                : "THAC_DEBUG=1 shows more");
            }
        }
    }

    private static String lastTrouble(Models models, String name) {
        return models.health().stream()
                .filter(health -> health.name().equals(name))
                .findFirst()
                .flatMap(ModelHealth::lastError)
                .orElse("no answer within " + Words.duration(PROBE_LIMIT));
    }
}
