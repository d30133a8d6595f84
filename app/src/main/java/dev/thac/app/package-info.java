/** The executable: command line and HTTP API. */
@NullMarked
package dev.thac.app;

import org.jspecify.annotations.NullMarked;
