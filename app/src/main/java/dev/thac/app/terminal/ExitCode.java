package dev.thac.app.terminal;

/** What a command's exit code means; scripts rely on these numbers. */
public enum ExitCode {
    /** It worked. */
    OK(0),
    /** A check, a test or a run failed. */
    FAILED(1),
    /** The command line is wrong. */
    USAGE(2),
    /** A broker, a model or a server cannot be reached. */
    CANNOT_CONNECT(3),
    /** Refused for a budget or a missing price. */
    BUDGET(4),
    /** Some of it was done. */
    PARTLY(5),
    /** Ctrl-C. */
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /**
     * The number the process ends with.
     *
     * @return 0 to 255
     */
    public int number() {
        return number;
    }
}
