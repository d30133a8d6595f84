package dev.thac.app.sample;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What kinds of events can be made up. */
public enum SampleKind {
    /** Orders of a shop; a burst is a flash sale of one product. */
    ORDERS("orders", "orders of a shop", 0.002),
    /** Clicks in a shop; a burst is one user with more than a hundred clicks in a minute. */
    CLICKS("clicks", "clicks in a shop", 0.002),
    /** Product reviews; a burst is many angry ones about one product. */
    REVIEWS("reviews.raw", "product reviews", 0.005),
    /** Transactions of a bank; a burst is a new account that buys phones. */
    TRANSACTIONS("transactions", "transactions of a bank", 0.002);

    private final String topic;
    private final String description;
    private final double broken;

    SampleKind(String topic, String description, double broken) {
        this.topic = topic;
        this.description = description;
        this.broken = broken;
    }

    /**
     * How a burst looks.
     *
     * @param fewest events in it
     * @param most events in it
     * @param shortestMillis between two of them
     * @param longestMillis between two of them
     */
    record Burst(int fewest, int most, int shortestMillis, int longestMillis) {}

    /**
     * The topic the examples read such events from.
     *
     * @return its name
     */
    public String topic() {
        return topic;
    }

    /**
     * What they are.
     *
     * @return a few words
     */
    public String description() {
        return description;
    }

    /**
     * As the command line writes it.
     *
     * @return the name in lower case
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * All of them as the command line writes them.
     *
     * @return the names in lower case
     */
    public static List<String> words() {
        return Arrays.stream(values()).map(SampleKind::word).toList();
    }

    /**
     * The kind of events a topic probably holds: the one its name begins with.
     *
     * @param topic for example {@code orders.raw}
     * @return the kind, if its name says one
     */
    public static Optional<SampleKind> ofTopic(String topic) {
        String first = topic.split("[._-]", 2)[0];
        return Arrays.stream(values()).filter(kind -> kind.word().equals(first)).findFirst();
    }

    /** The share of events that are cut off on their way. */
    double broken() {
        return broken;
    }

    /** How a burst looks. */
    Burst burst() {
        return switch (this) {
            case ORDERS -> new Burst(40, 80, 50, 250);
            case CLICKS -> new Burst(105, 160, 100, 380);
            case REVIEWS -> new Burst(20, 40, 500, 3_000);
            case TRANSACTIONS -> new Burst(10, 14, 1_000, 5_000);
        };
    }

    /** Makes events of this kind. */
    EventMaker maker(long seed, int users) {
        return switch (this) {
            case ORDERS -> new OrderMaker(seed, users);
            case CLICKS -> new ClickMaker(seed, users);
            case REVIEWS -> new ReviewMaker(seed, users);
            case TRANSACTIONS -> new TransactionMaker(seed, users);
        };
    }
}
