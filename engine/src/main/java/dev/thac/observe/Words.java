package dev.thac.observe;

/**
 * What an alert says to people.
 *
 * @param summary what is wrong; continues a sentence that begins with the pipeline's name
 * @param meaning what it means for the events or the money
 * @param look what to look at first
 */
public record Words(String summary, String meaning, String look) {

    /** Words for an alert that has none of its own. */
    static Words of(Condition condition) {
        Signal signal = condition.clauses().getFirst().signal();
        return new Words(
                "meets " + condition.text(),
                Character.toUpperCase(signal.meaning().charAt(0))
                        + signal.meaning().substring(1)
                        + ".",
                "thac status, and the metrics of the pipeline.");
    }
}
