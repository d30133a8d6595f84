/** Sample events, made up here, so that the first start has something to judge. */
@NullMarked
package dev.thac.app.sample;

import org.jspecify.annotations.NullMarked;
