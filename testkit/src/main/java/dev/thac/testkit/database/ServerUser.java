package dev.thac.testkit.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The user the server's programs run as. PostgreSQL refuses to run as root, so root hands it to an
 * unprivileged user; everybody else runs it as oneself.
 */
enum ServerUser {
    /** Whoever runs this process. */
    SELF,
    /** By util-linux's {@code setpriv}: no login shell, no PAM session. */
    BY_SETPRIV,
    /** By {@code runuser}, where there is no {@code setpriv}. */
    BY_RUNUSER;

    /** The number of {@code nobody} on Linux. */
    private static final String NOBODY = "65534";

    private static final long COMMAND_SECONDS = 60;

    /**
     * Whom to run the server as here.
     *
     * @throws IllegalStateException if this process is root's and cannot become somebody else
     */
    static ServerUser find() {
        try {
            Path probe = Files.createTempFile("thac-postgres-", ".user");
            Object uid = Files.getAttribute(probe, "unix:uid");
            Files.delete(probe);
            if (!Integer.valueOf(0).equals(uid)) {
                return SELF;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (ServerUser way : List.of(BY_SETPRIV, BY_RUNUSER)) {
            if (Files.isExecutable(Path.of(way.prefix().getFirst()))) {
                return way;
            }
        }
        throw new IllegalStateException(
                "PostgreSQL refuses to run as root, and neither setpriv nor runuser is here to"
                        + " start it as somebody else");
    }

    /** The command as it must be started. */
    List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(prefix());
        all.addAll(command);
        return all;
    }

    private List<String> prefix() {
        return switch (this) {
            case SELF -> List.of();
            case BY_SETPRIV ->
                    List.of(
                            "/usr/bin/setpriv",
                            "--reuid",
                            NOBODY,
                            "--regid",
                            NOBODY,
                            "--clear-groups",
                            "--");
            case BY_RUNUSER -> List.of("/usr/sbin/runuser", "-u", "nobody", "--");
        };
    }

    /** Gives a directory of this process to the server. */
    void give(Path directory) throws IOException {
        if (this != SELF) {
            Files.setOwner(
                    directory,
                    directory
                            .getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName(NOBODY));
        }
    }

    /**
     * Runs a command to its end.
     *
     * @param directory the working directory, which the server's user must be able to enter
     * @throws IllegalStateException with what it printed, if it fails
     */
    void run(Path directory, List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command(command))
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            String printed =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " failed: " + printed.strip());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at " + command, e);
        }
    }
}
