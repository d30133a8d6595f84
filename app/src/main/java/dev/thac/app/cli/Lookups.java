package dev.thac.app.cli;

import dev.thac.app.terminal.Terminal;
import dev.thac.app.terminal.UserError;
import dev.thac.enrich.LiveLookups;
import dev.thac.enrich.LookupChecks;
import dev.thac.event.ErrorCode;
import dev.thac.event.Finding;
import dev.thac.event.ThacException;
import dev.thac.runtime.Loaded;
import dev.thac.spec.Secrets;

import java.nio.file.Path;

/** Opens the lookups of a pipeline for commands that run events without Kafka. Stateless. */
final class Lookups {

    private Lookups() {}

    /**
     * The real databases and services of a project; trouble is told on standard error.
     *
     * @param loaded the pipeline and its project
     * @param terminal where to talk
     * @return what lookups ask
     * @throws UserError when a database cannot be used
     */
    static LiveLookups of(Loaded loaded, Terminal terminal) {
        Secrets secrets = new Secrets(terminal.environment(), Path.of(""));
        for (Finding finding :
                LookupChecks.of(loaded.orThrow().enrich(), loaded.project().databases(), secrets)) {
            if (finding.failed()) {
                throw UserError.unreachable(
                        finding.subject() + ": " + finding.message(), finding.fix(), null);
            }
        }
        return new LiveLookups(
                loaded.project().databases(),
                secrets,
                topic -> {
                    throw new ThacException(
                            ErrorCode.BAD_SPEC,
                            "the table of " + topic + " needs a running pipeline");
                },
                (lookup, cause) ->
                        terminal.err()
                                .println("lookup " + lookup + " waits: " + cause.getMessage()));
    }
}
