package dev.thac.testkit.guarantee;

import dev.thac.testkit.simulator.PaidCall;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Every question is paid once: for each model and each instruction (so for each analysis), an event
 * took part in one call at most, save for a declared number of calls that a crash may repeat.
 *
 * <p>Events are recognised by a mark, such as an id in their text. Events that share a mark may be
 * asked about as often as there are such events.
 *
 * @param markOfInput the mark of an input; empty text when it has none and is not looked at
 * @param markOfQuestion the mark of an item of a call
 * @param allowedCalls how many calls may be paid again: those in flight or unacknowledged when a
 *     process was killed
 */
public record PaidOnce(
        Function<Evidence.Input, String> markOfInput,
        Function<String, String> markOfQuestion,
        int allowedCalls)
        implements Guarantee {

    /** One question about one event, as often as it was paid. */
    private record Question(String model, String system, String mark) {}

    /** Nothing may be paid again. */
    public PaidOnce(
            Function<Evidence.Input, String> markOfInput, Function<String, String> markOfQuestion) {
        this(markOfInput, markOfQuestion, 0);
    }

    /** The same, but so many calls may be paid again. */
    public PaidOnce allowing(int calls) {
        return new PaidOnce(markOfInput, markOfQuestion, calls);
    }

    @Override
    public String promise() {
        return "nothing is paid twice"
                + (allowedCalls == 0
                        ? ""
                        : ", save the " + allowedCalls + " calls a crash may repeat");
    }

    @Override
    public List<String> violations(Evidence evidence) {
        Set<PaidCall> repeating = new HashSet<>();
        List<String> marks = new ArrayList<>();
        repeats(evidence)
                .forEach(
                        (call, asked) -> {
                            repeating.add(call);
                            marks.addAll(asked);
                        });
        if (repeating.size() <= allowedCalls) {
            return List.of();
        }
        return List.of(
                Guarantee.listing(
                                evidence.inputs().size(),
                                "questions were paid again, in " + repeating.size() + " calls",
                                marks)
                        + "; allowed were "
                        + allowedCalls
                        + " calls");
    }

    /** The calls that asked what had been paid before, each with the marks it asked again. */
    public Map<PaidCall, List<String>> repeats(Evidence evidence) {
        Map<String, Integer> events = new HashMap<>();
        for (Evidence.Input input : evidence.inputs()) {
            events.merge(markOfInput.apply(input), 1, Integer::sum);
        }
        Map<Question, Integer> paid = new HashMap<>();
        Map<PaidCall, List<String>> repeats = new HashMap<>();
        for (PaidCall call : evidence.calls()) {
            for (String input : call.inputs()) {
                String mark = markOfQuestion.apply(input);
                Question question = new Question(call.model(), call.system(), mark);
                if (!mark.isEmpty()
                        && paid.merge(question, 1, Integer::sum) > events.getOrDefault(mark, 1)) {
                    repeats.computeIfAbsent(call, _ -> new ArrayList<>()).add(mark);
                }
            }
        }
        return repeats;
    }
}
