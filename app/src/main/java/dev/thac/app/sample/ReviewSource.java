package dev.thac.app.sample;

import dev.thac.app.terminal.Json;

import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Made-up product reviews in Vietnamese, as a marketplace sees them: with and without diacritics,
 * slang, emoji, mixed feelings, demands; one in a hundred without text, one in two hundred broken
 * on its way. The same seed gives the same reviews. Not thread-safe.
 */
public final class ReviewSource {

    private static final double PLAIN = 0.35;
    private static final double NO_TEXT = 0.01;
    private static final double BROKEN = 0.005;

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

    private final RandomGenerator random;
    private long made;

    /**
     * Reviews from a seed.
     *
     * @param seed any number
     */
    public ReviewSource(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /**
     * One review.
     *
     * @param id its identifier
     * @param line the JSON; in rare cases cut off, so no JSON at all
     */
    public record Review(String id, String line) {}

    /**
     * Makes the next review.
     *
     * @return the review
     */
    public Review next() {
        made++;
        String id = "r-" + made;
        double fate = random.nextDouble();
        Map<String, Object> review = new LinkedHashMap<>();
        review.put("id", id);
        if (fate >= NO_TEXT) {
            Draft draft = draft();
            review.put("text", spelled(draft.text()));
            review.put("rating", draft.rating());
        } else {
            review.put("rating", 1 + random.nextInt(5));
        }
        review.put("product", pick(PRODUCTS));
        review.put("userId", "u-" + (1 + random.nextInt(4000)));
        String json = Json.line(review);
        boolean broken = fate > 1 - BROKEN;
        return new Review(id, broken ? json.substring(0, json.length() * 2 / 3) : json);
    }

    private record Draft(String text, int rating) {}

    private Draft draft() {
        double kind = random.nextDouble();
        if (kind < 0.24) {
            return new Draft(join(about(PRAISE), pick(AGAIN)), 5);
        }
        if (kind < 0.33) {
            return new Draft(join(about(COMPLAINT), pick(DEMAND)), 1);
        }
        if (kind < 0.60) {
            return new Draft(
                    join(about(PRAISE), random.nextBoolean() ? pick(PRAISE_MORE) : ""),
                    4 + random.nextInt(2));
        }
        if (kind < 0.82) {
            return new Draft(
                    random.nextDouble() < 0.3
                            ? join(about(COMPLAINT), pick(DEMAND))
                            : about(COMPLAINT),
                    1 + random.nextInt(2));
        }
        return new Draft(about(MIXED), 3 + random.nextInt(2));
    }

    private String about(List<String> patterns) {
        return pick(patterns).formatted(pick(PRODUCTS));
    }

    private String join(String one, String two) {
        return two.isEmpty() ? one : one + (random.nextBoolean() ? ", " : ". ") + two;
    }

    /** As people type: capital or not, slang, no diacritics, emoji, exclamation marks. */
    private String spelled(String text) {
        String spelled = text;
        if (random.nextDouble() < 0.3) {
            spelled =
                    spelled.replace("không", random.nextBoolean() ? "ko" : "k")
                            .replace("được", "đc")
                            .replace("chất lượng", "cl")
                            .replace("sản phẩm", "sp");
        }
        if (random.nextDouble() < PLAIN) {
            spelled = withoutMarks(spelled);
        }
        if (random.nextDouble() < 0.6) {
            spelled = spelled.substring(0, 1).toUpperCase(Locale.ROOT) + spelled.substring(1);
        }
        double ending = random.nextDouble();
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

    private String pick(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }
}
