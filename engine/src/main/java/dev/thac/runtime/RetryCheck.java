package dev.thac.runtime;

import dev.thac.kafka.Order;
import dev.thac.recover.RetrySpec;
import dev.thac.recover.RetryTopic;
import dev.thac.route.RouteSpec;
import dev.thac.spec.Delay;
import dev.thac.spec.ProblemKind;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What attempts and retry topics must keep to. */
final class RetryCheck {

    private static final String LATER = "failures.retry.later";
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(7);

    private RetryCheck() {}

    /** Checks the attempts and the retry topics of a pipeline. */
    static void check(PipelineSpec spec, Findings findings) {
        if (!findings.intact("failures.retry")) {
            return;
        }
        RetrySpec retry = spec.failures().retry();
        if (retry.backoff().compareTo(retry.maxBackoff()) > 0) {
            findings.at(
                    ProblemKind.CONFLICT,
                    "failures.retry.backoff",
                    "the first wait, \"backoff\", is longer than the longest, \"maxBackoff\"",
                    "maxBackoff is 60s where it is left out");
        }
        delays(retry.later(), findings);
        names(spec, findings);
        if (!retry.later().isEmpty() && findings.intact("order") && spec.order() != Order.NONE) {
            findings.atKey(
                    ProblemKind.CONFLICT,
                    LATER,
                    "\"later\" and \"order: %s\" exclude each other: what is retried later comes"
                                    .formatted(spec.order().name().toLowerCase(Locale.ROOT))
                            + " after what stood behind it",
                    "leave one of the two out; with an order, events are retried in memory and then"
                            + " dead-lettered");
        }
    }

    private static void delays(List<Delay> later, Findings findings) {
        for (int index = 0; index < later.size(); index++) {
            Delay delay = later.get(index);
            String path = LATER + "[" + index + "]";
            if (delay.length().compareTo(SHORTEST) < 0 || delay.length().compareTo(LONGEST) > 0) {
                findings.at(
                        ProblemKind.BAD_VALUE,
                        path,
                        "a delay of " + delay.text() + " is not possible",
                        "delays of retry topics lie between 1s and 7d; shorter waits are"
                                + " \"backoff\"");
            } else if (index > 0 && delay.length().compareTo(later.get(index - 1).length()) <= 0) {
                findings.at(
                        ProblemKind.BAD_VALUE,
                        path,
                        "%s does not come after %s"
                                .formatted(delay.text(), later.get(index - 1).text()),
                        "list each delay once, the shortest first");
            }
        }
    }

    private static void names(PipelineSpec spec, Findings findings) {
        List<RetryTopic> topics = spec.retryTopics().levels();
        for (int index = 0; index < topics.size(); index++) {
            String name = topics.get(index).name();
            boolean taken =
                    spec.source().topic().filter(name::equals).isPresent()
                            || spec.source().topics().contains(name)
                            || spec.failures().deadLetter().filter(name::equals).isPresent()
                            || spec.routes().stream().map(RouteSpec::to).anyMatch(name::equals);
            if (taken) {
                findings.at(
                        ProblemKind.CONFLICT,
                        LATER + "[" + index + "]",
                        "its topic \"" + name + "\" already serves this pipeline otherwise",
                        "give that topic another name");
            }
        }
    }
}
