/** Calls to language models: requests, replies, limits of provider accounts. */
@NullMarked
package dev.thac.model;

import org.jspecify.annotations.NullMarked;
