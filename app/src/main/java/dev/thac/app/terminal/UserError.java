package dev.thac.app.terminal;

import org.jspecify.annotations.Nullable;

/**
 * Something the user can put right. Printed without a stack trace: what happened and where, why,
 * and what to do next.
 */
public final class UserError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitCode code;
    private final String help;

    /**
     * An error of our own finding.
     *
     * @param code how the process ends
     * @param message what, where and why; may have several lines
     * @param help what to do next; empty where there is nothing to advise
     */
    public UserError(ExitCode code, String message, String help) {
        this(code, message, help, null);
    }

    /**
     * An error with a cause, which is shown with {@code THAC_DEBUG} only.
     *
     * @param code how the process ends
     * @param message what, where and why
     * @param help what to do next
     * @param cause the underlying error, or {@code null}
     */
    public UserError(ExitCode code, String message, String help, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.help = help;
    }

    /**
     * A wrong command line.
     *
     * @param message what is wrong
     * @param help what to write instead
     * @return the error, exit code 2
     */
    public static UserError usage(String message, String help) {
        return new UserError(ExitCode.USAGE, message, help);
    }

    /**
     * Something that cannot be reached.
     *
     * @param message what and why
     * @param help what to do next
     * @param cause the underlying error
     * @return the error, exit code 3
     */
    public static UserError unreachable(String message, String help, @Nullable Throwable cause) {
        return new UserError(ExitCode.CANNOT_CONNECT, message, help, cause);
    }

    /**
     * How the process ends.
     *
     * @return the code
     */
    public ExitCode code() {
        return code;
    }

    /**
     * What to do next.
     *
     * @return one or more lines; may be empty
     */
    public String help() {
        return help;
    }
}
