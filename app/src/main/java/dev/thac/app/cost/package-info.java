/** What was spent, read back from the brokers, and provider bills to compare it with. */
@NullMarked
package dev.thac.app.cost;

import org.jspecify.annotations.NullMarked;
