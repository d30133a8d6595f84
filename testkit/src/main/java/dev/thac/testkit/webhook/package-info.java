/** A receiver of webhooks: records what arrives and answers as it is told. */
@NullMarked
package dev.thac.testkit.webhook;

import org.jspecify.annotations.NullMarked;
