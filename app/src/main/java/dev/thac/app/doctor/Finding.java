package dev.thac.app.doctor;

/**
 * One thing that was looked at.
 *
 * @param level how it is
 * @param subject what it is about
 * @param message what was found
 * @param fix what to do; empty when nothing is to be done
 */
public record Finding(Level level, String subject, String message, String fix) {

    /** How something is. */
    public enum Level {
        /** As it should be. */
        OK,
        /** It works, but not as it could. */
        WARN,
        /** The pipeline will not run. */
        FAIL
    }

    static Finding ok(String subject, String message) {
        return new Finding(Level.OK, subject, message, "");
    }

    static Finding warn(String subject, String message, String fix) {
        return new Finding(Level.WARN, subject, message, fix);
    }

    static Finding fail(String subject, String message, String fix) {
        return new Finding(Level.FAIL, subject, message, fix);
    }
}
