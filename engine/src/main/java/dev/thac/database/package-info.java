/** Databases by name, and their pools of connections. */
@NullMarked
package dev.thac.database;

import org.jspecify.annotations.NullMarked;
