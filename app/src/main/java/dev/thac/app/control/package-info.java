/**
 * The topics {@code thac.control} and {@code thac.status}: what operators want of pipelines, and
 * what instances report. The command line needs brokers only.
 */
@NullMarked
package dev.thac.app.control;

import org.jspecify.annotations.NullMarked;
