/** Lookups that add members to an event. */
@NullMarked
package dev.thac.enrich;

import org.jspecify.annotations.NullMarked;
