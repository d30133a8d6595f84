package dev.thac.app.sample;

import dev.thac.app.terminal.Json;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Transactions of a bank: small purchases, some transfers and salaries, now and then something dear
 * or abroad. Customers with a number divisible by twenty are rich and buy luxury; a burst is an
 * account that nobody has seen before and that buys one phone after the other.
 */
final class TransactionMaker implements EventMaker {

    private static final int RICH = 20;
    private static final List<Merchant> MERCHANTS =
            List.of(
                    new Merchant("Cà phê Góc Phố", "food", 35_000, 180_000),
                    new Merchant("Siêu thị Sao Mai", "grocery", 80_000, 1_500_000),
                    new Merchant("Xe Công Nghệ", "transport", 18_000, 250_000),
                    new Merchant("Nhà thuốc An Tâm", "health", 30_000, 900_000),
                    new Merchant("Điện lực", "utility", 250_000, 2_500_000),
                    new Merchant("Thời trang Lụa", "fashion", 150_000, 3_000_000),
                    new Merchant("Khách sạn Biển Xanh", "travel", 900_000, 8_000_000),
                    new Merchant("Điện máy Rồng Việt", "electronics", 300_000, 22_000_000));
    private static final List<Merchant> LUXURY =
            List.of(
                    new Merchant("Đồng hồ Hoàng Gia", "luxury", 25_000_000, 90_000_000),
                    new Merchant("Trang sức Ngọc Lan", "luxury", 12_000_000, 60_000_000));
    private static final Merchant PHONES =
            new Merchant("Điện máy Rồng Việt", "electronics", 18_000_000, 32_000_000);
    private static final List<String> NOTES =
            List.of(
                    "thanh toan don hang",
                    "chuyển tiền ăn trưa",
                    "tien nha thang nay",
                    "gửi mẹ",
                    "hoc phi cho con",
                    "trả nợ bạn");

    private final Dice dice;
    private final int users;
    private long made;
    private int newcomers;

    TransactionMaker(long seed, int users) {
        this.dice = new Dice(seed);
        this.users = users;
    }

    private record Merchant(String name, String category, int cheapest, int dearest) {}

    @Override
    public Draft usual(Instant time) {
        int customer = dice.between(1, users);
        double kind = dice.share();
        if (kind < 0.04) {
            Merchant employer =
                    new Merchant("Công ty của khách hàng", "salary", 8_000_000, 45_000_000);
            return transaction(time, customer, employer, "salary", "app");
        }
        if (kind < 0.09) {
            Merchant own = new Merchant("Tài khoản của mình", "transfer", 500_000, 20_000_000);
            return transaction(time, customer, own, "own-transfer", "app");
        }
        if (kind < 0.25) {
            Merchant person =
                    new Merchant(Goods.person(customer + 17), "transfer", 50_000, 5_000_000);
            return transaction(time, customer, person, "transfer", "app");
        }
        boolean luxury = customer % RICH == 0 && kind > 0.7;
        Merchant merchant = luxury ? dice.any(LUXURY) : dice.popular(MERCHANTS);
        return transaction(time, customer, merchant, "card", dice.once(0.6) ? "pos" : "online");
    }

    @Override
    public void beginBurst() {
        newcomers++;
    }

    @Override
    public Draft ofBurst(Instant time) {
        return transaction(time, users + newcomers, PHONES, "card", "online");
    }

    private Draft transaction(
            Instant time, int customer, Merchant merchant, String type, String channel) {
        made++;
        String id = "c-" + customer;
        boolean abroad = type.equals("card") && dice.once(0.01);
        Map<String, Object> transaction = new LinkedHashMap<>();
        transaction.put("id", "t-" + made);
        transaction.put("customer", id);
        transaction.put("name", Goods.person(customer));
        transaction.put("amount", amount(merchant));
        transaction.put("type", type);
        transaction.put("merchant", merchant.name());
        transaction.put("category", merchant.category());
        transaction.put("channel", channel);
        transaction.put("country", abroad ? dice.any(List.of("TH", "KH", "SG", "US")) : "VN");
        transaction.put("city", Goods.city(customer));
        transaction.put("device", "d-" + customer + (dice.once(0.97) ? "" : "-new"));
        transaction.put("note", note(customer));
        transaction.put("time", Dice.text(time));
        return new Draft(id, Json.line(transaction));
    }

    /** Cheap ones more often; whole thousands, as prices are. */
    private int amount(Merchant merchant) {
        double share = dice.share();
        double amount =
                merchant.cheapest() + share * share * (merchant.dearest() - merchant.cheapest());
        int thousands = (int) (amount / 1000);
        return thousands * 1000;
    }

    /** Sometimes with personal data, as people write it. */
    private String note(int customer) {
        double kind = dice.share();
        if (kind < 0.05) {
            return dice.any(NOTES) + ", gọi 09" + (10_000_000 + customer * 7919 % 90_000_000);
        }
        if (kind < 0.08) {
            return dice.any(NOTES) + " khach" + customer + "@example.com";
        }
        return dice.any(NOTES);
    }
}
