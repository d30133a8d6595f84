package dev.thac.expression;

/**
 * The error value of an evaluation. Errors travel as values because in CEL they are values: {@code
 * true || error} is true; and because a missing field is common, and throwing would cost more than
 * the rest of the evaluation.
 *
 * @param message which field or operation, without payload
 */
record Fault(String message) {

    static Fault missing(String path) {
        return new Fault(path + " is missing");
    }

    static Fault noOverload(String operation) {
        return new Fault("'" + operation + "' does not take values of these types");
    }
}
