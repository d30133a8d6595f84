package dev.thac.event;

import java.util.Optional;

/**
 * One thing that was looked at before a pipeline runs.
 *
 * @param level how it is
 * @param subject what it is about
 * @param message what was found
 * @param fix what to do; empty when nothing is to be done
 * @param code what a start is refused with; empty unless it fails
 */
public record Finding(
        Level level, String subject, String message, String fix, Optional<ErrorCode> code) {

    /** How something is. */
    public enum Level {
        /** As it should be. */
        OK,
        /** It works, but not as it could. */
        WARN,
        /** The pipeline will not run. */
        FAIL
    }

    /**
     * Something as it should be.
     *
     * @param subject what it is about
     * @param message what was found
     * @return the finding
     */
    public static Finding ok(String subject, String message) {
        return new Finding(Level.OK, subject, message, "", Optional.empty());
    }

    /**
     * Something that works, but not as it could.
     *
     * @param subject what it is about
     * @param message what was found
     * @param fix what to do
     * @return the finding
     */
    public static Finding warn(String subject, String message, String fix) {
        return new Finding(Level.WARN, subject, message, fix, Optional.empty());
    }

    /**
     * Something that keeps the pipeline from running.
     *
     * @param code what a start is refused with
     * @param subject what it is about
     * @param message what was found
     * @param fix what to do
     * @return the finding
     */
    public static Finding fail(ErrorCode code, String subject, String message, String fix) {
        return new Finding(Level.FAIL, subject, message, fix, Optional.of(code));
    }

    /**
     * Whether the pipeline will not run.
     *
     * @return true for {@link Level#FAIL}
     */
    public boolean failed() {
        return level == Level.FAIL;
    }
}
