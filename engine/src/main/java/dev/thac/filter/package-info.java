/** EventBridge patterns compiled to predicates. */
@NullMarked
package dev.thac.filter;

import org.jspecify.annotations.NullMarked;
