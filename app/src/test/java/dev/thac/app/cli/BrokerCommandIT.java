package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.app.CommandRun;
import dev.thac.app.Main;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;

class BrokerCommandIT {

    @Test
    void itPrintsItsAddressAndEndsWhenAskedTo() throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "broker",
                                "--port",
                                "0")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (BufferedReader out = process.inputReader()) {
            String address = out.readLine();
            CommandRun.Result listed = CommandRun.here().run("topics", "list", "-b", address);
            // Not -INT: a build started in the background has it ignored, and children inherit
            // that.
            new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();

            assertThat(address).startsWith("127.0.0.1:");
            assertThat(listed.code()).isZero();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aTakenPortIsNamedWithTheWayOut() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            CommandRun.Result result =
                    CommandRun.here()
                            .run("broker", "--port", Integer.toString(taken.getLocalPort()));

            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err()).contains("is in use").contains("--port 0");
        }
    }
}
