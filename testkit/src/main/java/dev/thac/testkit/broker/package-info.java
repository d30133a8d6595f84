/** A real Kafka broker in this process, and small readers and writers of its topics. */
@NullMarked
package dev.thac.testkit.broker;

import org.jspecify.annotations.NullMarked;
