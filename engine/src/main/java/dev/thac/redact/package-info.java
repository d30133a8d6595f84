/** Personal data kept from models. */
@NullMarked
package dev.thac.redact;

import org.jspecify.annotations.NullMarked;
