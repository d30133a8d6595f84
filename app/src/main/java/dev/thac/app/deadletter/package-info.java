/** Dead letters: found, counted by what went wrong, and sent on their way again. */
@NullMarked
package dev.thac.app.deadletter;

import org.jspecify.annotations.NullMarked;
