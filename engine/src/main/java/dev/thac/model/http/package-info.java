/** What the wire adapters share: the HTTP call, errors, rate limit headers, strict schemas. */
@NullMarked
package dev.thac.model.http;

import org.jspecify.annotations.NullMarked;
