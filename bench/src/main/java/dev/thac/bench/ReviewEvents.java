package dev.thac.bench;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Varied reviews as JSON of about 200 bytes, Vietnamese (with and without diacritics) and English.
 * The same seed and number give the same bytes. Every event has the members {@code id} (eight
 * digits, first), {@code product}, {@code rating}, {@code text}, {@code verified}, {@code shop},
 * {@code helpful} and {@code at}.
 */
final class ReviewEvents {

    /** Digits of an id. */
    static final int ID_DIGITS = 8;

    private static final byte[] ID_PREFIX = "{\"id\":\"".getBytes(StandardCharsets.UTF_8);

    private static final String[][] OPENINGS = {
        {"Shop giao hàng rất nhanh", "Hàng đúng mô tả", "Sản phẩm đẹp", "Chất vải mềm mịn"},
        {"Shop giao hang cham qua", "Hang bi loi", "San pham khong giong hinh", "Dung tam on"},
        {"Lovely colour", "Late delivery again", "The zip broke on day two", "Does what it says"},
        {"Giao hàng chậm", "Mua lần thứ hai rồi", "Hơi nhỏ so với hình", "Đóng gói cẩn thận"},
    };

    private static final String[][] MIDDLES = {
        {"đáng tiền", "mặc vừa vặn", "shop tư vấn nhiệt tình", "giá hơi cao so với chất lượng"},
        {"lien he bao hanh khong ai tra loi", "dung duoc hai ngay la hu", "tam duoc voi gia nay"},
        {"smaller than the picture", "good value for the price", "the seller never answers"},
        {"màu nhạt hơn ảnh", "hộp bị móp nhưng hàng còn nguyên", "pin tụt nhanh lắm"},
    };

    private static final String[][] ENDINGS = {
        {"sẽ mua lại lần sau", "cảm ơn shop", "cho 5 sao", "nên mua nhé mọi người"},
        {"yeu cau hoan tien", "that vong", "se mua lai", "khong mua nua dau"},
        {"want a refund", "would buy again", "not bad at all", "recommended"},
        {"đề nghị shop hoàn tiền", "tạm được", "không hài lòng lắm", "rất hài lòng"},
    };

    private final long seed;

    ReviewEvents(long seed) {
        this.seed = seed;
    }

    /** Event number {@code index}, at most {@code 10^8 - 1}. */
    byte[] event(int index) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003L + index);
        StringBuilder json = new StringBuilder(240);
        json.append("{\"id\":\"");
        appendDigits(json, index, ID_DIGITS);
        json.append("\",\"product\":\"SP-");
        appendDigits(json, random.nextInt(100_000), 5);
        json.append("\",\"rating\":").append(1 + random.nextInt(5));
        json.append(",\"text\":\"").append(text(random));
        json.append("\",\"verified\":").append(random.nextBoolean());
        json.append(",\"shop\":\"S-");
        appendDigits(json, random.nextInt(1_000), 3);
        json.append("\",\"helpful\":").append(random.nextInt(50));
        json.append(",\"at\":\"2026-11-20T");
        appendDigits(json, random.nextInt(24), 2);
        json.append(':');
        appendDigits(json, random.nextInt(60), 2);
        json.append(":00Z\"}");
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The record key that goes with an event. */
    byte[] key(int index) {
        StringBuilder key = new StringBuilder("r-");
        appendDigits(key, index, ID_DIGITS);
        return key.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The number of the event a value was made of, whatever was added to its end.
     *
     * @return the number, or -1 where the value does not begin as {@link #event} begins
     */
    static int index(byte[] value) {
        if (value.length < ID_PREFIX.length + ID_DIGITS) {
            return -1;
        }
        for (int i = 0; i < ID_PREFIX.length; i++) {
            if (value[i] != ID_PREFIX[i]) {
                return -1;
            }
        }
        int index = 0;
        for (int i = ID_PREFIX.length; i < ID_PREFIX.length + ID_DIGITS; i++) {
            int digit = value[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            index = index * 10 + digit;
        }
        return index;
    }

    private static String text(SplittableRandom random) {
        int language = random.nextInt(OPENINGS.length);
        return pick(OPENINGS[language], random)
                + (random.nextBoolean() ? ", " : "; ")
                + pick(MIDDLES[language], random)
                + ". Size "
                + (34 + random.nextInt(12))
                + ", "
                + pick(ENDINGS[language], random)
                + (random.nextInt(3) == 0 ? "!" : ".");
    }

    private static String pick(String[] choices, SplittableRandom random) {
        return choices[random.nextInt(choices.length)];
    }

    private static void appendDigits(StringBuilder text, int number, int digits) {
        String plain = Integer.toString(number);
        text.append("0".repeat(Math.max(0, digits - plain.length()))).append(plain);
    }
}
