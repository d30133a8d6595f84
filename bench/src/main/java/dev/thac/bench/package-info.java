/** Benchmarks. */
@NullMarked
package dev.thac.bench;

import org.jspecify.annotations.NullMarked;
