package dev.thac.sink;

import dev.thac.event.ErrorCode;
import dev.thac.event.Finding;
import dev.thac.event.ThacException;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Expressions;
import dev.thac.expression.Formula;
import dev.thac.expression.Template;
import dev.thac.meter.Meters;
import dev.thac.resilience.Ticker;
import dev.thac.spec.Secrets;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Makes sinks of what files say, and looks whether their targets can take what they write.
 *
 * @param databases the connections of the database that a sink writes to
 * @param secrets reads what addresses and keys refer to
 * @param ticker the time
 */
public record Sinks(Connections databases, Secrets secrets, Ticker ticker) {

    /**
     * A sink that has not begun; nothing is connected to.
     *
     * @param settings who it is and what it reads
     * @param spec as in the file, checked
     * @param meters where figures go
     * @param trouble hears what is wrong, once for each change of it; returns at once
     * @return the sink
     * @throws ThacException BAD_SPEC when a secret is not there or an expression is wrong
     */
    public Sink make(
            SinkSettings settings,
            SinkSpec spec,
            Meters meters,
            BiConsumer<String, Optional<Exception>> trouble) {
        return Sink.of(settings, target(spec), meters, ticker, trouble);
    }

    /**
     * Looks at the target of a sink: the table and its columns, whether the folder can be written.
     * An address is not called.
     *
     * @param spec as in the file, checked
     * @return what was found
     */
    public Finding look(SinkSpec spec) {
        String subject = "sink " + spec.label();
        if (spec.jdbc().isPresent()) {
            return look(subject, spec.jdbc().get());
        }
        if (spec.file().isPresent()) {
            return look(subject, Path.of(spec.file().get().path()));
        }
        return spec.webhook()
                .map(hook -> Finding.ok(subject, "calls " + url(hook).getHost()))
                .orElseThrow(() -> nothing(spec));
    }

    private Finding look(String subject, JdbcSinkSpec spec) {
        String there = spec.table() + " in database " + spec.database();
        try {
            Optional<String> misfit = new TableTarget(table(spec), databases, ticker).misfit();
            return misfit.map(
                            why ->
                                    Finding.fail(
                                            ErrorCode.SINK_UNFIT,
                                            subject,
                                            why + ", in database " + spec.database(),
                                            "alter the table, its grants or the file; a table that"
                                                    + " is not there is made with create: true"))
                    .orElseGet(() -> Finding.ok(subject, "writes to table " + there));
        } catch (ThacException e) {
            return Finding.warn(
                    subject, String.valueOf(e.getMessage()), "the sink waits until it is there");
        } catch (SQLException e) {
            return Finding.warn(
                    subject,
                    there + ": " + SqlTrouble.words(e),
                    "the sink waits until it can write there");
        }
    }

    private static Finding look(String subject, Path folder) {
        try {
            Files.createDirectories(folder);
            Path probe = Files.createTempFile(folder, ".thac-", ".probe");
            Files.delete(probe);
            return Finding.ok(subject, "writes to folder " + folder);
        } catch (IOException e) {
            return Finding.fail(
                    ErrorCode.SINK_UNFIT,
                    subject,
                    folder + " cannot be written: " + e.getClass().getSimpleName(),
                    "give this user the right to make files there, or write another path");
        }
    }

    private Target target(SinkSpec spec) {
        if (spec.jdbc().isPresent()) {
            return new TableTarget(table(spec.jdbc().get()), databases, ticker);
        }
        if (spec.webhook().isPresent()) {
            return new WebhookTarget(hook(spec.webhook().get()), ticker);
        }
        return spec.file()
                .map(file -> new FileTarget(Path.of(file.path()), file.roll().bytes()))
                .orElseThrow(() -> nothing(spec));
    }

    private static ThacException nothing(SinkSpec spec) {
        return new ThacException(
                ErrorCode.BAD_SPEC, "the sink of " + spec.from() + " goes nowhere");
    }

    private static TableSettings table(JdbcSinkSpec spec) {
        Map<String, Formula> columns = new LinkedHashMap<>();
        spec.columns()
                .forEach(
                        (name, cel) -> {
                            try {
                                columns.put(name, Expressions.formula(cel.text()));
                            } catch (ExpressionException e) {
                                throw wrong("column " + name, e);
                            }
                        });
        return new TableSettings(spec.table(), columns, spec.id(), spec.create(), spec.types());
    }

    private WebhookSettings hook(WebhookSinkSpec spec) {
        Map<String, Template> headers = new LinkedHashMap<>();
        spec.headers()
                .forEach(
                        (name, text) -> {
                            try {
                                headers.put(name, Template.parse(text.text()));
                            } catch (ExpressionException e) {
                                throw wrong("header " + name, e);
                            }
                        });
        return new WebhookSettings(
                url(spec),
                spec.secret().map(secrets::reveal),
                headers,
                spec.timeout(),
                spec.calls());
    }

    private static ThacException wrong(String what, ExpressionException error) {
        return new ThacException(
                ErrorCode.BAD_SPEC, what + " of a sink: " + error.getMessage(), error);
    }

    private URI url(WebhookSinkSpec spec) {
        try {
            URI url = new URI(secrets.expand(spec.url()));
            if (url.getHost() != null && url.getScheme() != null) {
                return url;
            }
        } catch (URISyntaxException _) { // its message has the address, secrets included
        }
        throw new ThacException(
                ErrorCode.BAD_SPEC, "the webhook of a sink is no address: " + spec.url());
    }
}
