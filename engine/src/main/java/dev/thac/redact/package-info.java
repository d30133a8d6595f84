/**
 * Personal data kept from models. It is taken out of the text of an event where that is rendered
 * for a model, and nowhere else: rules, routes and outputs see what came.
 */
@NullMarked
package dev.thac.redact;

import org.jspecify.annotations.NullMarked;
