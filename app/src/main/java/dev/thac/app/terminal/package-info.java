/** How the program talks: streams, colours, figures in words, JSON, errors, signals. */
@NullMarked
package dev.thac.app.terminal;

import org.jspecify.annotations.NullMarked;
