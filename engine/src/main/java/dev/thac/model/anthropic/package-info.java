/** The Messages API of Anthropic. */
@NullMarked
package dev.thac.model.anthropic;

import org.jspecify.annotations.NullMarked;
