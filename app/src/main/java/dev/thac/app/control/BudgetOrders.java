package dev.thac.app.control;

import dev.thac.event.Money;
import dev.thac.runtime.BudgetOrder;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What {@code thac.control} says of budgets: other limits, and which are paused. */
public final class BudgetOrders {

    private static final String PREFIX = "budget|";

    private BudgetOrders() {}

    /**
     * The orders there are.
     *
     * @param control the latest entries of {@code thac.control}
     * @return by the budgets' names; what cannot be read is taken for a pause, for money is not
     *     spent on a guess
     */
    public static Map<String, BudgetOrder> of(Map<String, Map<?, ?>> control) {
        Map<String, BudgetOrder> orders = new TreeMap<>();
        control.forEach(
                (key, tree) -> {
                    if (key.startsWith(PREFIX)) {
                        orders.put(key.substring(PREFIX.length()), order(tree));
                    }
                });
        return orders;
    }

    /**
     * The key of a budget's entry.
     *
     * @param budget its name
     * @return the key
     */
    public static String key(String budget) {
        return PREFIX + budget;
    }

    /**
     * The entry that gives an order.
     *
     * @param order what is wanted
     * @param by who wants it
     * @return the value
     */
    public static Map<String, Object> tree(BudgetOrder order, String by) {
        Map<String, Object> tree = new LinkedHashMap<>();
        order.limit().ifPresent(limit -> tree.put("limitUsd", limit.toUsd().toPlainString()));
        order.until().ifPresent(until -> tree.put("until", until.toString()));
        tree.put("state", order.paused() ? "paused" : "running");
        tree.put("by", by);
        tree.put("at", Instant.now().toString());
        return tree;
    }

    private static BudgetOrder order(Map<?, ?> tree) {
        try {
            Optional<Money> limit =
                    Optional.ofNullable(tree.get("limitUsd"))
                            .map(text -> Money.usd(new BigDecimal(text.toString())));
            Optional<Instant> until =
                    Optional.ofNullable(tree.get("until"))
                            .map(text -> Instant.parse(text.toString()));
            return new BudgetOrder(limit, until, "paused".equals(tree.get("state")));
        } catch (ArithmeticException | NumberFormatException | DateTimeException _) {
            return new BudgetOrder(Optional.empty(), Optional.empty(), true);
        }
    }
}
