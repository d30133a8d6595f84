/** Output topics to tables, webhooks and files. */
@NullMarked
package dev.thac.sink;

import org.jspecify.annotations.NullMarked;
