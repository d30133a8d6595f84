package dev.thac.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lag > 5m                       | LAG > 300.0",
                "lag>300s                       | LAG > 300.0",
                "since-commit >= 500ms          | SINCE_COMMIT >= 0.5",
                "lag-records > 10000            | LAG_RECORDS > 10000.0",
                "dead-letters > 2/s             | DEAD_LETTERS > 120.0",
                "dead-letters > 60/h            | DEAD_LETTERS > 1.0",
                "dead-letter-share > 2.5%       | DEAD_LETTER_SHARE > 0.025",
                "confidence < 0.6               | CONFIDENCE < 0.6",
                "breaker == half-open           | BREAKER == 1.0",
                "budget-state >= degraded       | BUDGET_STATE >= 2.0",
            })
    void readsAComparison(String text, String meaning) throws ConditionException {
        Condition.Clause clause = Condition.parse(text).clauses().getFirst();

        assertThat(clause.signal() + " " + clause.comparison().sign() + " " + clause.threshold())
                .isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "lagg > 300s | 0 4 | there is no signal \"lagg\" | did you mean \"lag\"?",
                "lag = 300s | 4 1 | \"=\" is no comparison | write >, >=, <, <= or ==",
                "lag == 300s | 4 2 | \"lag\" is hardly ever exactly that"
                        + " | write >, >=, < or <=; only states are compared with ==",
                "lag > 300 | 6 3 | \"lag\" cannot be compared with \"300\""
                        + " | write a duration: 300s or 5m",
                "breaker == opened | 11 6 | \"breaker\" cannot be compared with \"opened\""
                        + " | the states are closed, half-open, open",
                "lag | 2 1 | a comparison is missing | write >, >=, <, <= or ==",
                "lag > 5m and | 11 1 | a signal is missing | for example  lag > 300s",
                "lag > 5m or lag-records > 9 | 9 2 | \"or\" cannot follow a comparison"
                        + " | comparisons are joined by \"and\"; for \"or\", make two alerts",
                "model-calls > 9 and budget-spent > 9% | 20 12 | \"model-calls\" is measured for"
                    + " each model and \"budget-spent\" for each budget: they cannot be compared"
                    + " together | make two alerts of them",
            })
    void saysWhichPartIsWrong(String text, String part, String message, String help) {
        ConditionException wrong =
                catchThrowableOfType(ConditionException.class, () -> Condition.parse(text));

        assertThat(wrong).hasMessage(message);
        assertThat(wrong.offset() + " " + wrong.length()).isEqualTo(part);
        assertThat(wrong.help()).isEqualTo(help);
    }

    @Test
    void nothingIsNoCondition() {
        ConditionException wrong =
                catchThrowableOfType(ConditionException.class, () -> Condition.parse(" "));

        assertThat(wrong).hasMessage("a signal is missing");
        assertThat(wrong.offset()).isZero();
    }

    @Test
    void narrowFiguresComeFirstForPrometheus() throws ConditionException {
        Condition condition = Condition.parse("lag > 1m and breaker == open");

        assertThat(condition.expression(Selection.ALL))
                .isEqualTo(
                        """
                        max by (model) (label_replace(thac_breaker_state, "model", "$1", "target", "(.*)")) == 2
                        and on () max by (pipeline) (thac_consumer_lag_seconds) > 60\
                        """);
    }
}
