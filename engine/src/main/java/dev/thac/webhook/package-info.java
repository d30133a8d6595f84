/** Posting to an address, for sinks and alerts: signed, with a key by which repetitions show. */
@NullMarked
package dev.thac.webhook;

import org.jspecify.annotations.NullMarked;
