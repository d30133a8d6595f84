package dev.thac.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Header;
import dev.thac.event.Outcome;
import dev.thac.model.ModelException;
import dev.thac.model.ModelReply;
import dev.thac.model.ScriptedModel;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How every kind of bad input and bad answer ends: once, and where a person can find it. */
class BadInputTest {

    private static final String YAML =
            """
            derive: { length: size(value.text) }
            analyses:
              review:
                task: Judge moods.
                input: "{{ value.text }}"
                output: { mood: { enum: [good, bad] }, note: { type: string, maxLength: 20 } }
                tiers: [ { model: strong } ]
            routes: [ { to: out } ]
            failures: { deadLetter: bad }
            """;

    @TempDir private Path folder;
    private Flow flow;

    @BeforeEach
    void begin() {
        flow = new Flow(folder);
    }

    @Test
    void anUndecodableRecordIsDeadLetteredAsItCame() throws Exception {
        byte[] bytes = {'{', 0, (byte) 0xff, 'x'};

        Outcome.DeadLettered letter = deadLetter(flow.bytes(bytes));

        assertThat(letter.failure().code()).isEqualTo(ErrorCode.UNDECODABLE);
        assertThat(letter.failure().stage()).isEqualTo("decode");
        assertThat(letter.record().topic()).isEqualTo("bad");
        assertThat(letter.record().value()).isEqualTo(bytes);
        assertThat(letter.record().headers()).extracting(Header::key).contains("h");
    }

    @Test
    void aRecordOfFiveMegabytesIsDeadLetteredBeforeItIsDecoded() throws Exception {
        byte[] bytes = new byte[5_000_000];
        Arrays.fill(bytes, (byte) '{');

        Outcome.DeadLettered letter = deadLetter(flow.bytes(bytes));

        assertThat(letter.failure().code()).isEqualTo(ErrorCode.TOO_LARGE);
        assertThat(letter.failure().message()).contains("5000001").contains("1048576");
    }

    @Test
    void aTombstoneIsDeadLettered() throws Exception {
        Outcome.DeadLettered letter = deadLetter(flow.bytes(null));

        assertThat(letter.failure().code()).isEqualTo(ErrorCode.NULL_VALUE);
    }

    @ParameterizedTest
    @MethodSource("wrongTypes")
    void aWrongTypeIsDeadLetteredWhereItIsComputedWith(String value) throws Exception {
        Outcome.DeadLettered letter = deadLetter(flow.record(value));

        assertThat(letter.failure().code()).isEqualTo(ErrorCode.WRONG_TYPE);
        assertThat(letter.failure().stage()).isEqualTo("derive");
    }

    static Stream<String> wrongTypes() {
        return Stream.of("{\"text\": 7}", "{}", "{\"text\": null}", "[1]", "\"text\"", "7");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badAnswers")
    void aBadAnswerIsAskedForAgainAndThenDeadLettered(
            String name, ErrorCode code, int calls, ScriptedModel.Script script) throws Exception {
        flow.model("strong", script);

        Outcome.DeadLettered letter = deadLetter(flow.record("{\"text\": \"x\"}"));

        assertThat(letter.failure().code()).isEqualTo(code);
        assertThat(letter.failure().stage()).isEqualTo("analysis.review");
        assertThat(flow.models.get("strong").calls()).hasSize(calls);
        assertThat(letter.trail().cost()).isEqualTo(flow.models.get("strong").cost());
        assertThat(letter.trail().usage()).isEqualTo(flow.models.get("strong").usage());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("passingTroubles")
    void aBadAnswerThatIsGoodTheNextTimeGoesThrough(
            String name, ErrorCode code, int calls, ScriptedModel.Script script) throws Exception {
        flow.model(
                "strong",
                call ->
                        call.number() == 1
                                ? script.reply(call)
                                : call.answer(input -> Map.of("mood", "good", "note", input)));

        Outcome outcome = flow.pipeline(YAML).process(flow.record("{\"text\": \"x\"}"));

        assertThat(outcome).isInstanceOf(Outcome.Routed.class);
        assertThat(flow.models.get("strong").calls()).hasSize(2);
    }

    static Stream<Arguments> badAnswers() {
        Map<String, String> good = Map.of("mood", "good", "note", "x");
        return Stream.of(
                bad("not JSON", ErrorCode.NOT_JSON, 6, call -> call.text("I think it is good.")),
                bad("empty", ErrorCode.NOT_JSON, 6, call -> call.text("")),
                bad(
                        "truncated",
                        ErrorCode.TRUNCATED,
                        6,
                        call -> call.stop(ModelReply.Stop.TRUNCATED)),
                bad("wrong shape", ErrorCode.SCHEMA_VIOLATION, 6, call -> call.text("[1]")),
                bad("missing", ErrorCode.MISSING_ITEM, 6, call -> call.text("{\"items\":[]}")),
                bad(
                        "duplicate",
                        ErrorCode.DUPLICATE_ITEM,
                        6,
                        call -> call.text(items(ordinal(1, good), ordinal(1, good)))),
                bad(
                        "foreign",
                        ErrorCode.MISSING_ITEM,
                        6,
                        call -> call.text(items(ordinal(2, good)))),
                bad(
                        "schema violation",
                        ErrorCode.SCHEMA_VIOLATION,
                        6,
                        call -> call.answer(_ -> Map.of("mood", "meh", "note", "x"))),
                bad(
                        "too long a text",
                        ErrorCode.SCHEMA_VIOLATION,
                        6,
                        call -> call.answer(_ -> Map.of("mood", "bad", "note", "x".repeat(21)))),
                bad("refusal", ErrorCode.REFUSED, 3, call -> call.stop(ModelReply.Stop.REFUSED)),
                bad(
                        "time-out",
                        ErrorCode.MODEL_TIMEOUT,
                        3,
                        call -> {
                            throw call.error(ModelException.Kind.TIMEOUT);
                        }),
                bad(
                        "context full",
                        ErrorCode.REQUEST_REJECTED,
                        1,
                        call -> call.stop(ModelReply.Stop.CONTEXT_FULL)),
                bad(
                        "invalid request",
                        ErrorCode.REQUEST_REJECTED,
                        1,
                        call -> {
                            throw call.error(ModelException.Kind.INVALID);
                        }));
    }

    /** All but those that are never asked for again, because that cannot help. */
    static Stream<Arguments> passingTroubles() {
        return badAnswers().filter(bad -> !Integer.valueOf(1).equals(bad.get()[2]));
    }

    private static Arguments bad(
            String name, ErrorCode code, int calls, ScriptedModel.Script script) {
        return Arguments.of(name, code, calls, script);
    }

    private static Map<String, Object> ordinal(long ordinal, Map<String, String> fields) {
        return ScriptedModel.item(ordinal, fields);
    }

    private static String items(Object... items) {
        return dev.thac.event.JsonText.text(Map.of("items", List.of(items)));
    }

    private Outcome.DeadLettered deadLetter(Delivery delivery) throws Exception {
        Outcome outcome = flow.pipeline(YAML).process(delivery);
        assertThat(outcome).isInstanceOf(Outcome.DeadLettered.class);
        Outcome.DeadLettered letter = (Outcome.DeadLettered) outcome;
        assertThat(
                        letter.record().headers().stream()
                                .map(header -> header.key() + "=" + header.text())
                                .toList())
                .anyMatch(header -> header.endsWith(letter.failure().code().label()));
        return letter;
    }
}
