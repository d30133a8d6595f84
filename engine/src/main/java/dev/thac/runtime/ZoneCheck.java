package dev.thac.runtime;

import dev.thac.spec.ProblemKind;
import dev.thac.spec.Spelling;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.TreeSet;

/** Checks the name of a time zone. Stateless. */
final class ZoneCheck {

    private ZoneCheck() {}

    /**
     * Checks one.
     *
     * @param path what has a member {@code zone}
     * @param zone the name
     * @param findings where problems go
     * @return whether it can be used
     */
    static boolean check(String path, String zone, Findings findings) {
        if (!findings.intact(path + ".zone")) {
            return false;
        }
        try {
            ZoneId _ = ZoneId.of(zone);
            return true;
        } catch (DateTimeException _) {
            findings.at(
                    ProblemKind.BAD_VALUE,
                    path + ".zone",
                    "\"zone\" cannot be \"" + zone + "\"",
                    Spelling.nearest(zone, new TreeSet<>(ZoneId.getAvailableZoneIds()))
                            .map(near -> "did you mean \"" + near + "\"?")
                            .orElse("write it as Asia/Ho_Chi_Minh, UTC or +07:00"));
            return false;
        }
    }
}
