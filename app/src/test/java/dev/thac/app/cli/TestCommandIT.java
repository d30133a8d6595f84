package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.app.CommandRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class TestCommandIT {

    private static final String PIPELINE =
            """
            pipeline: reviews
            source: { topic: raw, group: g, start: earliest, id: value.id }
            filter: [ { value: { text: [ { exists: true } ] } } ]
            analyses:
              review:
                task: Judge the tone.
                input: "{{ value.text }}"
                output: { tone: { enum: [good, bad] } }
                tiers:
                  - rules: [ { when: "value.text == 'hay'", then: { tone: good } } ]
                  - model: small
            routes: [ { to: judged, key: value.id } ]
            models: { small: { provider: anthropic, model: claude-haiku-5-5 } }
            """;

    @TempDir private Path folder;

    private CommandRun.Result test(String tests) throws IOException {
        Files.writeString(folder.resolve("p.yaml"), PIPELINE);
        Files.writeString(folder.resolve("p.test.yaml"), tests);
        return CommandRun.here().in(folder).run("test", "p.yaml");
    }

    @Test
    void everyTestOfTheExamplesPasses() {
        CommandRun.Result result = CommandRun.here().run("test", "examples/...");

        assertThat(result.err()).contains(" tests, 0 failed");
        assertThat(result.out().lines()).hasSizeGreaterThan(20).allMatch(l -> l.startsWith("OK"));
        assertThat(result.code()).isZero();
    }

    @Test
    void lookupsThatThePipelineDoesNotHaveAreNamed() throws IOException {
        CommandRun.Result result =
                test(
                        """
                        lookups: [ { lookup: usr, with: { id: u-1 }, found: { name: Lan } } ]
                        tests:
                          - { name: any, event: { text: hay }, expect: { tier: { review: rules } } }
                        """);

        assertThat(result.code()).isNotZero();
        assertThat(result.err()).contains("the pipeline has no lookup \"usr\"");
    }

    @Test
    void aDifferenceNamesFieldExpectedAndActual() throws IOException {
        CommandRun.Result result =
                test(
                        """
                        tests:
                          - name: wrong on purpose
                            event: { id: a, text: hay }
                            expect:
                              tier: { review: small }
                              analysis: { review: { tone: bad } }
                              where: [ "analysis.review.tone == 'bad'" ]
                              outputs: [ { topic: judged, key: b }, { topic: elsewhere } ]
                        """);

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).startsWith("FAILED").contains("wrong on purpose");
        assertThat(result.err())
                .contains("event 1: tier of review: expected small, was rules (rule 1)")
                .contains("analysis.review.tone: expected \"bad\", was \"good\"")
                .contains("does not hold: analysis.review.tone == 'bad'")
                .contains("output to judged: key: expected b, was a")
                .contains("missing output to elsewhere")
                .contains("unexpected output to judged");
    }

    @Test
    void recordedAnswersReplaceTheSimulatedOnesAndMissesAreRefused() throws IOException {
        CommandRun.Result result =
                test(
                        """
                        answers:
                          - { input: "tạm được", model: small, answer: { tone: bad } }
                        tests:
                          - name: recorded
                            event: { id: a, text: tạm được }
                            expect: { analysis: { review: { tone: bad } }, tier: { review: small } }
                          - name: not recorded
                            event: { id: b, text: chưa ghi }
                            expect: { deadLetter: request-rejected }
                        """);

        assertThat(result.err()).isEqualTo("2 tests, 0 failed\n");
        assertThat(result.code()).isZero();
    }

    @Test
    void filteredAndUndecodableEventsCanBeExpected() throws IOException {
        CommandRun.Result result =
                test(
                        """
                        tests:
                          - { name: no text, event: { id: a }, expect: { filtered: true } }
                          - { name: no json, record: { text: "{" }, expect: { deadLetter: undecodable } }
                          - { name: surprise, event: { id: a }, expect: { deadLetter: undecodable } }
                        """);

        assertThat(result.out().lines().map(line -> line.substring(0, 2)))
                .containsExactly("OK", "OK", "FA");
        assertThat(result.err()).contains("event 1: was filtered out");
    }

    @Test
    void mistakesInATestFileHaveTheirPlace() throws IOException {
        CommandRun.Result result =
                test(
                        """
                        tests:
                          - name: wrong
                            event: { id: a }
                            events: [ { id: b } ]
                            expect: { outptus: [], where: [ "value.id ==" ], deadLetter: late }
                        """);

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .contains("exactly one of event, events and record")
                .contains("p.test.yaml:5:15")
                .contains("did you mean \"outputs\"?")
                .contains("there is no reason \"late\"");
    }

    @Test
    void aPipelineWithoutTestsSaysWhereTheyGo() throws IOException {
        Files.writeString(folder.resolve("p.yaml"), PIPELINE);

        CommandRun.Result result = CommandRun.here().in(folder).run("test", "p.yaml");

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("p.yaml has no tests").contains("p.test.yaml");
    }

    @Test
    void jsonListsEveryTest() throws IOException {
        Files.writeString(folder.resolve("p.yaml"), PIPELINE);
        Files.writeString(
                folder.resolve("p.test.yaml"),
                "tests: [ { name: a, event: { id: a }, expect: { filtered: true } } ]\n");

        CommandRun.Result result = CommandRun.here().in(folder).run("test", ".", "-o", "json");

        assertThat(result.out()).contains("\"passed\" : 1").contains("\"name\" : \"a\"");
    }
}
