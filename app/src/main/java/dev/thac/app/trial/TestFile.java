package dev.thac.app.trial;

import dev.thac.enrich.EnrichSpec;
import dev.thac.event.ErrorCode;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.runtime.Loaded;
import dev.thac.runtime.PipelineFiles;
import dev.thac.runtime.PipelineSpec;
import dev.thac.spec.CelText;
import dev.thac.spec.Document;
import dev.thac.spec.Problem;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Problems;
import dev.thac.spec.Reading;
import dev.thac.spec.SpecReader;
import dev.thac.spec.Spelling;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A test file, read and checked together with its pipeline.
 *
 * @param path where it is
 * @param spec what it says; empty exactly when there are problems
 * @param pipeline the pipeline under test; empty when it cannot be found
 * @param problems everything wrong with it or its pipeline
 */
public record TestFile(
        Path path, Optional<TestFileSpec> spec, Optional<Loaded> pipeline, Problems problems) {

    /** What the name of a test file ends with. */
    public static final String ENDING = ".test.yaml";

    /**
     * Reads one.
     *
     * @param path the test file
     * @return the file, or its problems
     */
    public static TestFile load(Path path) {
        Document document;
        try {
            document = Document.parse(path.toString(), Files.readString(path));
        } catch (IOException e) {
            Problem problem =
                    Problem.ofFile(ProblemKind.UNREADABLE, path.toString(), "cannot be read: " + e);
            return broken(path, Optional.empty(), new Problems(List.of(problem)));
        }
        Reading<TestFileSpec> reading = SpecReader.read(document, TestFileSpec.class);
        List<Problem> problems = new ArrayList<>(reading.problems());
        Optional<Loaded> pipeline = reading.spec().flatMap(spec -> pipeline(path, spec));
        if (reading.spec().isPresent()) {
            TestFileSpec spec = reading.spec().get();
            new Check(document, problems).file(spec);
            pipeline.flatMap(Loaded::spec)
                    .ifPresent(found -> new Check(document, problems).lookups(spec, found));
            if (pipeline.isEmpty()) {
                problems.add(
                        Problem.ofFile(
                                        ProblemKind.UNREADABLE,
                                        path.toString(),
                                        "there is no pipeline file " + pipelinePath(path, spec))
                                .withHelp("name it: pipeline: FILE"));
            }
        }
        Problems all = Problems.sorted(problems);
        if (pipeline.isPresent()) {
            all = all.and(pipeline.get().problems());
        }
        return all.isEmpty()
                ? new TestFile(path, reading.spec(), pipeline, all)
                : broken(path, pipeline, all);
    }

    private static TestFile broken(Path path, Optional<Loaded> pipeline, Problems problems) {
        return new TestFile(path, Optional.empty(), pipeline, problems);
    }

    private static Optional<Loaded> pipeline(Path path, TestFileSpec spec) {
        Path file = pipelinePath(path, spec);
        return Files.isRegularFile(file) ? Optional.of(PipelineFiles.load(file)) : Optional.empty();
    }

    private static Path pipelinePath(Path path, TestFileSpec spec) {
        String name = path.getFileName().toString();
        String own =
                name.endsWith(ENDING)
                        ? name.substring(0, name.length() - ENDING.length()) + ".yaml"
                        : name;
        return path.resolveSibling(spec.pipeline().orElse(own)).normalize();
    }

    /** Finds what the shape of the keys cannot say. */
    private record Check(Document document, List<Problem> problems) {

        private static final Set<String> REASONS =
                Set.copyOf(Arrays.stream(ErrorCode.values()).map(ErrorCode::label).toList());

        void file(TestFileSpec spec) {
            for (int i = 0; i < spec.tests().size(); i++) {
                test("tests[" + i + "]", spec.tests().get(i));
            }
        }

        void lookups(TestFileSpec spec, PipelineSpec pipeline) {
            for (int i = 0; i < spec.lookups().size(); i++) {
                String place = "lookups[" + i + "]";
                LookupAnswerSpec answer = spec.lookups().get(i);
                EnrichSpec lookup = pipeline.enrich().get(answer.lookup());
                if (lookup == null) {
                    problems.add(
                            document.at(
                                            ProblemKind.UNKNOWN_NAME,
                                            place + ".lookup",
                                            "the pipeline has no lookup \""
                                                    + answer.lookup()
                                                    + "\"")
                                    .withHelp(
                                            Spelling.advice(
                                                    answer.lookup(),
                                                    pipeline.enrich().keySet(),
                                                    "lookups")));
                } else if (answer.url().isPresent() != lookup.http().isPresent()
                        || (lookup.http().isEmpty()
                                && !answer.with().keySet().equals(lookup.with().keySet()))) {
                    problems.add(
                            document.at(
                                            ProblemKind.CONFLICT,
                                            place,
                                            "\"" + answer.lookup() + "\" is never asked so")
                                    .withHelp(
                                            lookup.http().isPresent()
                                                    ? "give the url"
                                                    : "give exactly the parameters "
                                                            + String.join(
                                                                    ", ", lookup.with().keySet())));
                }
            }
        }

        private void test(String place, TestSpec test) {
            long given =
                    Stream.of(
                                    test.event().isPresent(),
                                    !test.events().isEmpty(),
                                    test.record().isPresent())
                            .filter(there -> there)
                            .count();
            if (given != 1) {
                problems.add(
                        document.at(
                                ProblemKind.CONFLICT,
                                place,
                                "a test needs exactly one of event, events and record"));
            }
            test.record().ifPresent(record -> record(place + ".record", record));
            expect(place + ".expect", test.expect());
        }

        private void record(String place, RecordSpec record) {
            if (record.value().isPresent() && record.text().isPresent()) {
                problems.add(
                        document.at(
                                ProblemKind.CONFLICT, place, "value and text exclude each other"));
            }
            if (record.time().isPresent()) {
                try {
                    Instant _ = Instant.parse(record.time().get());
                } catch (DateTimeException _) {
                    problems.add(
                            document.at(
                                    ProblemKind.BAD_VALUE,
                                    place + ".time",
                                    "\"time\" must be an instant like 2026-11-01T00:00:00Z"));
                }
            }
        }

        private void expect(String place, ExpectSpec expect) {
            boolean judged =
                    !expect.analysis().isEmpty()
                            || !expect.tier().isEmpty()
                            || !expect.where().isEmpty()
                            || !expect.outputs().isEmpty();
            boolean sampledOut = expect.sampledOut().orElse(false);
            if (!judged
                    && !expect.filtered()
                    && expect.sampledOut().isEmpty()
                    && expect.deadLetter().isEmpty()) {
                problems.add(document.at(ProblemKind.EMPTY, place, "nothing is expected"));
            }
            if (expect.filtered() && (judged || expect.deadLetter().isPresent())) {
                problems.add(
                        document.at(
                                ProblemKind.CONFLICT,
                                place,
                                "filtered events have no answer, output or dead letter"));
            }
            if (sampledOut && (judged || expect.filtered() || expect.deadLetter().isPresent())) {
                problems.add(
                        document.at(
                                ProblemKind.CONFLICT,
                                place,
                                "events that are sampled out have no answer, output or dead"
                                        + " letter"));
            }
            if (expect.deadLetter().isPresent() && !REASONS.contains(expect.deadLetter().get())) {
                problems.add(
                        document.at(
                                        ProblemKind.UNKNOWN_NAME,
                                        place + ".deadLetter",
                                        "there is no reason \"" + expect.deadLetter().get() + "\"")
                                .withHelp(
                                        "one of "
                                                + String.join(
                                                        ", ", REASONS.stream().sorted().toList())));
            }
            conditions(place + ".where", expect.where());
            for (int i = 0; i < expect.outputs().size(); i++) {
                conditions(place + ".outputs[" + i + "].where", expect.outputs().get(i).where());
            }
        }

        private void conditions(String place, List<CelText> conditions) {
            for (int i = 0; i < conditions.size(); i++) {
                try {
                    Expressions.condition(conditions.get(i).text());
                } catch (ExpressionException e) {
                    problems.add(
                            document.inside(
                                    ProblemKind.BAD_EXPRESSION,
                                    place + "[" + i + "]",
                                    e.position(),
                                    1,
                                    String.valueOf(e.getMessage())));
                }
            }
        }
    }
}
