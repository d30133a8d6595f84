/** What a pipeline costs before it runs. */
@NullMarked
package dev.thac.plan;

import org.jspecify.annotations.NullMarked;
