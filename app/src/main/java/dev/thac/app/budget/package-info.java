/** Budgets as the brokers alone tell of them: the ledger, reports of instances, orders. */
@NullMarked
package dev.thac.app.budget;

import org.jspecify.annotations.NullMarked;
