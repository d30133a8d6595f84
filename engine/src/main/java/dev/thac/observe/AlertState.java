package dev.thac.observe;

import java.util.OptionalLong;

/** Where one alert stands for one subject, and since when, in nanoseconds of one clock. */
sealed interface AlertState {

    /** Where every alert begins. */
    AlertState INACTIVE = new Inactive();

    /**
     * The state after another look.
     *
     * @param holds whether the condition holds
     * @param now the time
     * @param timing the alert's times
     * @return the next state
     */
    AlertState next(boolean holds, long now, AlertRule.Timing timing);

    /** For status and metrics. */
    AlertPhase phase();

    /** The condition does not hold. */
    record Inactive() implements AlertState {
        @Override
        public AlertState next(boolean holds, long now, AlertRule.Timing timing) {
            return holds ? new Pending(now).next(true, now, timing) : this;
        }

        @Override
        public AlertPhase phase() {
            return AlertPhase.INACTIVE;
        }
    }

    /** It holds since then. */
    record Pending(long since) implements AlertState {
        @Override
        public AlertState next(boolean holds, long now, AlertRule.Timing timing) {
            if (!holds) {
                return INACTIVE;
            }
            return now - since >= timing.hold().toNanos()
                    ? new Firing(now, now, 1, OptionalLong.empty())
                    : this;
        }

        @Override
        public AlertPhase phase() {
            return AlertPhase.PENDING;
        }
    }

    /**
     * It fires.
     *
     * @param since when it began to
     * @param told when it was said last
     * @param times how often it was said
     * @param quiet since when the condition does not hold any more, if so
     */
    record Firing(long since, long told, int times, OptionalLong quiet) implements AlertState {
        @Override
        public AlertState next(boolean holds, long now, AlertRule.Timing timing) {
            if (!holds) {
                long began = quiet.orElse(now);
                return now - began >= timing.clear().toNanos()
                        ? INACTIVE
                        : new Firing(since, told, times, OptionalLong.of(began));
            }
            boolean again = timing.repeat().isPositive() && now - told >= timing.repeat().toNanos();
            return new Firing(
                    since, again ? now : told, again ? times + 1 : times, OptionalLong.empty());
        }

        @Override
        public AlertPhase phase() {
            return AlertPhase.FIRING;
        }
    }
}
