/** Bytes to events. */
@NullMarked
package dev.thac.decode;

import org.jspecify.annotations.NullMarked;
