package dev.thac.app.sample;

import dev.thac.app.terminal.Json;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Clicks: most view, some put into the cart, few buy; one in a hundred says no user. */
final class ClickMaker implements EventMaker {

    private static final double NOBODY = 0.01;
    private static final long SESSION_SECONDS = 1800;
    private static final List<String> PAGES =
            List.of(
                    "/home",
                    "/products",
                    "/products/tai-nghe",
                    "/products/ao-khoac",
                    "/products/dien-thoai",
                    "/cart",
                    "/checkout",
                    "/profile");
    private static final List<String> ACTIONS = List.of("view", "search", "add_to_cart", "buy");

    private final Dice dice;
    private final int users;
    private long made;
    private int robot = 1;

    ClickMaker(long seed, int users) {
        this.dice = new Dice(seed);
        this.users = users;
    }

    @Override
    public Draft usual(Instant time) {
        int user = dice.between(1, users);
        boolean known = !dice.once(NOBODY);
        return click(time, user, known, dice.popular(PAGES), dice.popular(ACTIONS));
    }

    @Override
    public void beginBurst() {
        robot = dice.between(1, users);
    }

    @Override
    public Draft ofBurst(Instant time) {
        return click(time, robot, true, dice.once(0.9) ? "/products" : dice.any(PAGES), "view");
    }

    private Draft click(Instant time, int user, boolean known, String page, String action) {
        made++;
        String userId = "user_" + user;
        Map<String, Object> click = new LinkedHashMap<>();
        click.put("id", "k-" + made);
        if (known) {
            click.put("user_id", userId);
        }
        click.put("page_url", page);
        click.put("action", action);
        click.put("session_id", userId + "_" + time.getEpochSecond() / SESSION_SECONDS);
        click.put("timestamp", Dice.text(time));
        return new Draft(userId, Json.line(click));
    }
}
