package dev.thac.runtime;

import dev.thac.cascade.AnalysisSpec;
import dev.thac.model.AnswerSchema;
import dev.thac.spec.Document;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Spelling;
import dev.thac.spec.Tree;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks what one analysis asks for: its output schema, and the answers written in the file. */
final class OutputCheck {

    private static final Set<String> RESERVED = Set.of("i", "confidence");

    /** What says something about the values of a field. */
    private static final List<String> SHAPES =
            List.of("type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref");

    private final String path;
    private final AnalysisSpec analysis;
    private final Path folder;
    private final Findings findings;

    /**
     * A check of one analysis.
     *
     * @param path its path
     * @param analysis the analysis
     * @param folder what its schema file is relative to
     * @param findings where problems go
     */
    OutputCheck(String path, AnalysisSpec analysis, Path folder, Findings findings) {
        this.path = path;
        this.analysis = analysis;
        this.folder = folder;
        this.findings = findings;
    }

    /**
     * The output fields, from the file or from the schema file.
     *
     * @return field name to JSON Schema; empty when they have problems, which are reported
     */
    Map<String, Object> fields() {
        boolean inline = !analysis.output().isEmpty();
        if (inline && analysis.schema().isPresent()) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    path + ".schema",
                    "\"output\" and \"schema\" exclude each other",
                    "keep the one that is right");
            return Map.of();
        }
        if (analysis.schema().isPresent()) {
            return fromFile(analysis.schema().get());
        }
        if (!inline) {
            if (findings.intact(path + ".output", path + ".schema")) {
                findings.atKey(
                        ProblemKind.MISSING_KEY,
                        path,
                        "missing key \"output\"",
                        "for example  output: { sentiment: { enum: [positive, negative] } }");
            }
            return Map.of();
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        boolean sound = true;
        for (Map.Entry<String, Tree> field : analysis.output().entrySet()) {
            String fieldPath = path + ".output." + field.getKey();
            List<Refusal> refusals = refusals(field.getKey(), field.getValue().value());
            for (Refusal refusal : refusals) {
                refusal.report(fieldPath, findings);
            }
            sound &= refusals.isEmpty();
            if (field.getValue().value() != null) {
                fields.put(field.getKey(), field.getValue().value());
            }
        }
        return sound ? fields : Map.of();
    }

    /**
     * Checks an answer written in the file against the output fields.
     *
     * @param answerPath its path
     * @param answer the answer
     * @param fields the output fields
     */
    void answer(String answerPath, Map<String, Tree> answer, Map<String, Object> fields) {
        if (!findings.intact(answerPath)) {
            return;
        }
        answer.forEach(
                (name, value) -> {
                    Object schema = fields.get(name);
                    if (schema == null) {
                        findings.atKey(
                                ProblemKind.UNKNOWN_NAME,
                                answerPath + "." + name,
                                "no output field is named \"" + name + "\"",
                                Spelling.advice(name, fields.keySet(), "fields"));
                        return;
                    }
                    Map<String, @Nullable Object> only = new LinkedHashMap<>();
                    only.put(name, value.value());
                    String violation = AnswerSchema.of(Map.of(name, schema), false).violation(only);
                    if (violation != null) {
                        findings.at(
                                ProblemKind.BAD_VALUE,
                                answerPath + "." + name,
                                "\"" + name + "\"" + violation.substring(name.length()),
                                "the output of this analysis says so");
                    }
                });
        List<String> missing =
                fields.keySet().stream().filter(name -> !answer.containsKey(name)).toList();
        if (!missing.isEmpty()) {
            findings.atKey(
                    ProblemKind.MISSING_KEY,
                    answerPath,
                    "the answer lacks " + String.join(", ", missing),
                    "give every output field");
        }
    }

    private Map<String, Object> fromFile(String name) {
        String schemaPath = path + ".schema";
        String text;
        try {
            text = Files.readString(folder.resolve(name));
        } catch (IOException _) {
            findings.at(
                    ProblemKind.BAD_SCHEMA,
                    schemaPath,
                    "the schema file \"" + name + "\" cannot be read",
                    "its path is relative to the pipeline file");
            return Map.of();
        }
        Document document = Document.parse(name, text);
        if (!document.problems().isEmpty()) {
            findings.at(
                    ProblemKind.BAD_SCHEMA,
                    schemaPath,
                    "the schema file \"%s\" is not JSON or YAML".formatted(name),
                    "");
            return Map.of();
        }
        if (!(document.tree() instanceof Map<?, ?> schema)
                || !"object".equals(schema.get("type"))
                || !(schema.get("properties") instanceof Map<?, ?> properties)
                || properties.isEmpty()) {
            findings.at(
                    ProblemKind.BAD_SCHEMA,
                    schemaPath,
                    "the schema file \"%s\" does not describe an object".formatted(name),
                    "it needs type: object and properties");
            return Map.of();
        }
        return fromFile(name, properties);
    }

    private Map<String, Object> fromFile(String name, Map<?, ?> properties) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Map.Entry<?, ?> field : properties.entrySet()) {
            String fieldName = String.valueOf(field.getKey());
            List<Refusal> refusals = refusals(fieldName, field.getValue());
            for (Refusal refusal : refusals) {
                findings.at(
                        ProblemKind.BAD_SCHEMA,
                        path + ".schema",
                        "%s, field \"%s\": %s".formatted(name, fieldName, refusal.message()),
                        refusal.help());
            }
            if (!refusals.isEmpty()) {
                return Map.of();
            }
            if (field.getValue() != null) {
                fields.put(fieldName, field.getValue());
            }
        }
        return fields;
    }

    private static List<Refusal> refusals(String name, @Nullable Object schema) {
        if (RESERVED.contains(name)) {
            return List.of(
                    new Refusal(
                            "",
                            "an output field cannot be named \"" + name + "\"",
                            "Thác uses this name in its own part of the answer"));
        }
        if (!(schema instanceof Map<?, ?> map)) {
            return List.of(
                    new Refusal(
                            "",
                            "\"" + name + "\" must be a JSON Schema",
                            schema instanceof List<?> values
                                    ? "write %s: { enum: %s }".formatted(name, values)
                                    : "write, for example, %s: { type: %s }"
                                            .formatted(
                                                    name,
                                                    SchemaWords.TYPES.contains(schema)
                                                            ? schema
                                                            : "string")));
        }
        List<Refusal> refusals = new SchemaWords().of(map);
        if (!refusals.isEmpty()) {
            return refusals;
        }
        if (SHAPES.stream().noneMatch(map::containsKey)) {
            return List.of(
                    new Refusal(
                            "",
                            "\"" + name + "\" does not say what its values are",
                            "give type or enum"));
        }
        try {
            AnswerSchema.of(Map.of(name, schema), false);
            return List.of();
        } catch (IllegalArgumentException wrong) {
            String reason = String.valueOf(wrong.getMessage()).lines().findFirst().orElse("");
            return List.of(
                    new Refusal(
                            "",
                            "\""
                                    + name
                                    + "\" is no JSON Schema: "
                                    + (reason.startsWith(name + ": ")
                                            ? reason.substring(name.length() + 2)
                                            : reason),
                            ""));
        }
    }

    /** Why a field's schema cannot be used, and where below the field. */
    record Refusal(String below, String message, String help) {

        /** Reports it: a word that means nothing at the word, all else at the value. */
        private void report(String fieldPath, Findings findings) {
            if (message.startsWith(SchemaWords.UNKNOWN)) {
                findings.atKey(ProblemKind.BAD_SCHEMA, fieldPath + below, message, help);
            } else {
                findings.at(ProblemKind.BAD_SCHEMA, fieldPath + below, message, help);
            }
        }
    }
}
