package dev.thac.testkit.simulator;

/**
 * What calls are served with; replaced as a whole when settings change.
 *
 * @param settings the settings
 * @param limiter the account's buckets
 * @param composer writes the answers
 */
record State(SimulatorSettings settings, RateLimiter limiter, Composer composer) {}
