/** The commands of {@code thac}, one small class each, and how they talk to the terminal. */
@NullMarked
package dev.thac.app.cli;

import org.jspecify.annotations.NullMarked;
