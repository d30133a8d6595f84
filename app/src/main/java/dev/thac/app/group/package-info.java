/** Consumer groups: how far they are, how late that is, and setting them elsewhere. */
@NullMarked
package dev.thac.app.group;

import org.jspecify.annotations.NullMarked;
