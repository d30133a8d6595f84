/** The promises of the product as objects that check them against what stands in Kafka. */
@NullMarked
package dev.thac.testkit.guarantee;

import org.jspecify.annotations.NullMarked;
