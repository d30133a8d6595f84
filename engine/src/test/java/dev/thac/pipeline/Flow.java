package dev.thac.pipeline;

import dev.thac.event.Delivery;
import dev.thac.event.Header;
import dev.thac.event.Outcome;
import dev.thac.event.RecordId;
import dev.thac.event.SinkRecord;
import dev.thac.event.Verdict;
import dev.thac.meter.Meters;
import dev.thac.model.ScriptedModel;
import dev.thac.resilience.ManualTicker;
import dev.thac.runtime.PipelineFiles;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A pipeline from a file's text, with scripted models, and records for it. */
final class Flow {

    final Map<String, ScriptedModel> models = new HashMap<>();
    final Meters meters = new Meters();
    private final Path folder;
    private long offset;

    Flow(Path folder) {
        this.folder = folder;
        for (String name : List.of("small", "strong")) {
            model(name, call -> call.answer(input -> Map.of("mood", "good", "note", input)));
        }
    }

    void model(String name, ScriptedModel.Script script) {
        models.put(name, ScriptedModel.of(name, script));
    }

    Pipeline pipeline(String middle) throws IOException {
        String yaml =
                """
                pipeline: p
                source: { topic: in, group: g, start: earliest, id: value.id }
                %s
                models:
                  small: { provider: anthropic, model: small-model-1 }
                  strong: { provider: anthropic, model: strong-model-1 }
                  other: { provider: anthropic, model: other-model-1 }
                """
                        .formatted(middle);
        Path file = Files.writeString(folder.resolve("pipeline.yaml"), yaml);
        return Pipeline.of(
                PipelineFiles.load(file).flow(), models::get, meters, ManualTicker.jumping());
    }

    Delivery record(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    Delivery bytes(byte @Nullable [] value) {
        RecordId id = new RecordId("in", 0, offset++);
        return new Delivery(
                id,
                1000,
                "k".getBytes(StandardCharsets.UTF_8),
                value,
                List.of(Header.text("h", "v")));
    }

    /** Everything of an outcome as text, so that outcomes can be compared. */
    static String text(Outcome outcome) {
        StringBuilder text = new StringBuilder(outcome.getClass().getSimpleName());
        switch (outcome) {
            case Outcome.Routed routed ->
                    routed.records().forEach(record -> text.append(text(record)));
            case Outcome.DeadLettered letter ->
                    text.append(letter.failure()).append(text(letter.record()));
            default -> {}
        }
        for (Verdict verdict : outcome.trail().verdicts()) {
            text.append('\n').append(verdict);
        }
        return text.toString();
    }

    static String value(SinkRecord record) {
        byte[] value = record.value();
        return value == null ? "null" : new String(value, StandardCharsets.UTF_8);
    }

    private static String text(SinkRecord record) {
        StringBuilder text = new StringBuilder("\n" + record.topic() + " " + value(record));
        record.headers()
                .forEach(
                        header ->
                                text.append(' ')
                                        .append(header.key())
                                        .append('=')
                                        .append(header.text()));
        return text.toString();
    }
}
