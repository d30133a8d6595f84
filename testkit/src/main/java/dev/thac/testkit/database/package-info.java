/** A real PostgreSQL server beside this process, for tests and {@code thac dev}. */
@NullMarked
package dev.thac.testkit.database;

import org.jspecify.annotations.NullMarked;
