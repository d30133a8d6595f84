package dev.thac.app.cli;

import dev.thac.app.kafka.KafkaAccess;
import dev.thac.app.terminal.ExitCode;
import dev.thac.app.terminal.Style;
import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.event.ThacException;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.util.List;

/** Prints what went wrong and what to do, without stack traces, and chooses the exit code. */
final class ErrorReport implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final Terminal terminal;

    ErrorReport(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public int handleParseException(ParameterException error, String[] arguments) {
        CommandLine line = error.getCommandLine();
        String command = line.getCommandSpec().qualifiedName(" ");
        StringBuilder help = new StringBuilder();
        if (error instanceof UnmatchedArgumentException unmatched) {
            List<String> suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                help.append("did you mean ").append(String.join(" or ", suggestions)).append("?  ");
            }
        }
        help.append("`").append(command).append(" --help` shows what it takes");
        print(String.valueOf(error.getMessage()), help.toString());
        return ExitCode.USAGE.number();
    }

    @Override
    public int handleExecutionException(Exception error, CommandLine line, ParseResult result) {
        if (terminal.debug()) {
            error.printStackTrace(terminal.err());
        }
        return switch (error) {
            case UserError known -> {
                print(String.valueOf(known.getMessage()), known.help());
                yield known.code().number();
            }
            case ThacException known -> {
                print(String.valueOf(known.getMessage()), "");
                yield exitCode(known).number();
            }
            case TimeoutException timeout -> {
                print("Kafka does not answer: " + timeout.getMessage(), KafkaAccess.HELP);
                yield ExitCode.CANNOT_CONNECT.number();
            }
            case KafkaException refused -> {
                print("Kafka refused: " + refused.getMessage(), "");
                yield ExitCode.FAILED.number();
            }
            case InterruptedException _ -> {
                Thread.currentThread().interrupt();
                yield ExitCode.INTERRUPTED.number();
            }
            default -> {
                print(
                        "a defect in Thác: " + error,
                        "THAC_DEBUG=1 shows where; please report it with what it prints");
                yield ExitCode.FAILED.number();
            }
        };
    }

    private void print(String message, String help) {
        boolean colors = terminal.colors();
        terminal.err().println(Style.RED.paint("error", colors) + ": " + indented(message));
        if (!help.isEmpty()) {
            terminal.err().println("  " + Style.CYAN.paint("help", colors) + ": " + indented(help));
        }
    }

    private static String indented(String text) {
        return text.strip().replace("\n", "\n  ");
    }

    private static ExitCode exitCode(ThacException error) {
        return switch (error.code().category()) {
            case DEPENDENCY -> ExitCode.CANNOT_CONNECT;
            case BUDGET -> ExitCode.BUDGET;
            case INPUT, ANSWER, CAPACITY, CONFIG, INTERNAL -> ExitCode.FAILED;
        };
    }
}
