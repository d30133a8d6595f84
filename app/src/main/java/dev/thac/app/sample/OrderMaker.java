package dev.thac.app.sample;

import dev.thac.app.terminal.Json;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Orders: about one in four below 100,000 VND, a few of ten million and more. */
final class OrderMaker implements EventMaker {

    private static final int SHIPPING = 25_000;

    private final Dice dice;
    private final int users;
    private long made;
    private Goods.Product onSale = Goods.ALL.getFirst();

    OrderMaker(long seed, int users) {
        this.dice = new Dice(seed);
        this.users = users;
    }

    @Override
    public Draft usual(Instant time) {
        Goods.Product product = dice.popular(Goods.ALL);
        int quantity = dice.once(0.75) ? 1 : dice.between(2, 4);
        return order(time, product, quantity, product.price());
    }

    @Override
    public void beginBurst() {
        onSale = Goods.ALL.get(dice.between(2, 9));
    }

    @Override
    public Draft ofBurst(Instant time) {
        return order(time, onSale, 1, onSale.price() / 2);
    }

    private Draft order(Instant time, Goods.Product product, int quantity, int price) {
        made++;
        int user = dice.between(1, users);
        String userId = "u-" + user;
        Map<String, Object> order = new LinkedHashMap<>();
        order.put("id", "o-" + made);
        order.put("userId", userId);
        order.put("itemId", product.id());
        order.put("product", product.name());
        order.put("quantity", quantity);
        order.put("total", price * quantity + (dice.once(0.6) ? SHIPPING : 0));
        order.put("recipient", Goods.person(user));
        order.put("city", Goods.city(user));
        order.put("createdAt", Dice.text(time));
        return new Draft(userId, Json.line(order));
    }
}
