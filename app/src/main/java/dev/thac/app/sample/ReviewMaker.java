package dev.thac.app.sample;

import dev.thac.app.terminal.Json;

import java.text.Normalizer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Product reviews in Vietnamese, as a marketplace sees them: with and without diacritics, slang,
 * emoji, mixed feelings, demands; one in a hundred without text.
 */
final class ReviewMaker implements EventMaker {

    private static final double PLAIN = 0.35;
    private static final double NO_TEXT = 0.01;

    private static final List<String> PRODUCTS =
            List.of(
                    "tai nghe",
                    "áo khoác",
                    "nồi chiên",
                    "giày thể thao",
                    "sạc dự phòng",
                    "ốp lưng",
                    "balo",
                    "son môi",
                    "máy sấy tóc",
                    "bình giữ nhiệt",
                    "chuột không dây",
                    "váy hoa",
                    "đèn bàn",
                    "loa bluetooth",
                    "kem chống nắng");
    private static final List<String> PRAISE =
            List.of(
                    "%s rất tốt, đúng như mô tả",
                    "%s đẹp lắm, chất lượng ok",
                    "mình rất hài lòng với %s này",
                    "%s dùng bền, đáng tiền",
                    "%s xịn hơn mình nghĩ",
                    "đóng gói cẩn thận, %s đẹp như hình",
                    "giao hàng nhanh, %s chất lượng",
                    "shop tư vấn nhiệt tình, %s tuyệt vời");
    private static final List<String> PRAISE_MORE =
            List.of(
                    "giao hàng nhanh, shop thân thiện",
                    "giá rẻ mà chất lượng",
                    "cho shop 5 sao",
                    "mọi người nên mua nhé",
                    "ưng cái bụng",
                    "hàng chuẩn");
    private static final List<String> AGAIN =
            List.of("sẽ mua lại", "lần sau sẽ mua lại ủng hộ shop", "chắc chắn sẽ mua lại");
    private static final List<String> COMPLAINT =
            List.of(
                    "%s dùng được hai hôm là hỏng",
                    "%s bị lỗi, không dùng được",
                    "giao sai màu, đặt %s đen lại gửi trắng",
                    "%s kém chất lượng, thất vọng",
                    "hàng về trễ cả tuần, hộp %s móp méo",
                    "%s khác xa hình, vải mỏng tệ",
                    "shop trả lời chậm, thái độ khó chịu về %s",
                    "giá %s đắt mà chất lượng dở");
    private static final List<String> DEMAND =
            List.of(
                    "đề nghị shop hoàn tiền ngay",
                    "gọi bảo hành không ai nghe, đổi tiền lại ngay",
                    "shop lừa đảo, hàng giả",
                    "đây là hàng giả, tôi sẽ khiếu nại",
                    "yêu cầu hoàn tiền gấp");
    private static final List<String> MIXED =
            List.of(
                    "%s tạm ổn so với giá tiền",
                    "%s đẹp nhưng giao hàng hơi lâu",
                    "chất lượng được, nhưng %s hơi nhỏ",
                    "%s bình thường, không có gì đặc biệt",
                    "màu %s không giống ảnh lắm nhưng vẫn dùng được",
                    "shop ok, %s thì chưa dùng nên chưa biết",
                    "mới nhận %s, dùng thử rồi đánh giá sau");

    private final Dice dice;
    private final int users;
    private long made;
    private String target = PRODUCTS.getFirst();

    ReviewMaker(long seed, int users) {
        this.dice = new Dice(seed);
        this.users = users;
    }

    @Override
    public Draft usual(Instant time) {
        Opinion opinion = dice.once(NO_TEXT) ? new Opinion("", dice.between(1, 5)) : opinion();
        return review(time, opinion, dice.any(PRODUCTS));
    }

    @Override
    public void beginBurst() {
        target = dice.any(PRODUCTS);
    }

    @Override
    public Draft ofBurst(Instant time) {
        String complaint = dice.any(COMPLAINT).formatted(target);
        return review(time, new Opinion(join(complaint, dice.any(DEMAND)), 1), target);
    }

    private Draft review(Instant time, Opinion opinion, String product) {
        made++;
        String id = "r-" + made;
        Map<String, Object> review = new LinkedHashMap<>();
        review.put("id", id);
        if (!opinion.text().isEmpty()) {
            review.put("text", spelled(opinion.text()));
        }
        review.put("rating", opinion.rating());
        review.put("product", product);
        review.put("userId", "u-" + dice.between(1, users));
        review.put("createdAt", Dice.text(time));
        return new Draft(id, Json.line(review));
    }

    private record Opinion(String text, int rating) {}

    private Opinion opinion() {
        double kind = dice.share();
        if (kind < 0.24) {
            return new Opinion(join(about(PRAISE), dice.any(AGAIN)), 5);
        }
        if (kind < 0.33) {
            return new Opinion(join(about(COMPLAINT), dice.any(DEMAND)), 1);
        }
        if (kind < 0.60) {
            return new Opinion(
                    join(about(PRAISE), dice.once(0.5) ? dice.any(PRAISE_MORE) : ""),
                    dice.between(4, 5));
        }
        if (kind < 0.82) {
            return new Opinion(
                    dice.once(0.3) ? join(about(COMPLAINT), dice.any(DEMAND)) : about(COMPLAINT),
                    dice.between(1, 2));
        }
        return new Opinion(about(MIXED), dice.between(3, 4));
    }

    private String about(List<String> patterns) {
        return dice.any(patterns).formatted(dice.any(PRODUCTS));
    }

    private String join(String one, String two) {
        return two.isEmpty() ? one : one + (dice.once(0.5) ? ", " : ". ") + two;
    }

    /** As people type: capital or not, slang, no diacritics, emoji, exclamation marks. */
    private String spelled(String text) {
        String spelled = text;
        if (dice.once(0.3)) {
            spelled =
                    spelled.replace("không", dice.once(0.5) ? "ko" : "k")
                            .replace("được", "đc")
                            .replace("chất lượng", "cl")
                            .replace("sản phẩm", "sp");
        }
        if (dice.once(PLAIN)) {
            spelled = withoutMarks(spelled);
        }
        if (dice.once(0.6)) {
            spelled = spelled.substring(0, 1).toUpperCase(Locale.ROOT) + spelled.substring(1);
        }
        double ending = dice.share();
        if (ending < 0.15) {
            return spelled + "!!!";
        }
        if (ending < 0.3) {
            return spelled + (text.contains("tốt") || text.contains("đẹp") ? " 😍" : " 🙂");
        }
        return ending < 0.6 ? spelled + "." : spelled;
    }

    private static String withoutMarks(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{M}+", "")
                .replace('đ', 'd')
                .replace('Đ', 'D');
    }
}
