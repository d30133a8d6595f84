/** Talking to brokers for the commands that are no pipeline. */
@NullMarked
package dev.thac.app.kafka;

import org.jspecify.annotations.NullMarked;
