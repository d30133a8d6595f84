package dev.thac.spec;

import org.jspecify.annotations.Nullable;

/**
 * A part of a file whose shape another specification defines (a filter pattern, a JSON Schema, an
 * answer), taken over as it stands: maps in document order, lists, strings, {@code Long}, {@code
 * Double}, {@code BigInteger}, {@code Boolean}, null.
 *
 * @param value the tree
 */
public record Tree(@Nullable Object value) {}
