/**
 * What a pipeline costs before it runs: money, calls, tokens, limits and waiting, computed from the
 * same declarations that run. Pure: nothing here connects to anything.
 */
@NullMarked
package dev.thac.plan;

import org.jspecify.annotations.NullMarked;
