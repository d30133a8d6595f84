/** What became of one event, from what the brokers hold. */
@NullMarked
package dev.thac.app.explain;

import org.jspecify.annotations.NullMarked;
