package dev.thac.model;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The provider accounts that the pipelines of a process share: names of models with the same
 * provider, URL, key and model id are one account, in whatever file they stand. Thread-safe.
 */
public final class Accounts {

    /** Guarded by this. */
    private final Map<Account.Key, Account> accounts = new HashMap<>();

    /** No accounts yet; models bring them. */
    public Accounts() {}

    /** The account of that identity, at most as large as these limits. */
    synchronized Account get(
            Account.Key key, ModelLimitsSpec limits, Function<Account.Key, Account> create) {
        Account account = accounts.computeIfAbsent(key, create);
        account.tighten(limits);
        return account;
    }
}
