/** What {@code thac doctor} looks at. */
@NullMarked
package dev.thac.app.doctor;

import org.jspecify.annotations.NullMarked;
