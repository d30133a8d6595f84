package dev.thac.testkit.broker;

/** The wanted port is in use by another process. The message says what to do. */
public final class PortTakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int port;

    /**
     * Names the port and the way out.
     *
     * @param port the port that is in use
     * @param cause what the operating system said
     */
    public PortTakenException(int port, Throwable cause) {
        super(
                "port "
                        + port
                        + " is in use; choose another with --port, or --port 0 for any free one",
                cause);
        this.port = port;
    }

    /** The port that is in use. */
    public int port() {
        return port;
    }
}
