package dev.thac.testkit.answer;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One item as one model sees it: the reading, bent by the model's strength, and how certain the
 * values taken from it are. Used by one thread for one answer.
 *
 * <p>A weak model is less certain and slips now and then where the text is ambiguous; a strong one
 * hardly ever. Clear texts are judged alike by both. The slips come from a hash of seed, model and
 * text, so the same question gets the same answer.
 */
final class Judged {

    private static final Lexicon LEXICON = Lexicon.BUNDLED;
    private static final int URGENT = LEXICON.concept("urgent");
    private static final int TOXIC = LEXICON.concept("toxic");
    private static final int SCAM = LEXICON.concept("scam");
    private static final int RISK = LEXICON.concept("risk");
    private static final int TRUSTED = LEXICON.concept("trusted");

    /** Concepts that are a matter of degree. */
    static final Set<Integer> RISK_CONCEPTS = Set.of(RISK);

    private static final String[][] TOPICS = {
        {"quality", "chất lượng"},
        {"shipping", "giao hàng"},
        {"service", "phục vụ"},
        {"price", "giá"},
        {"payment", "thanh toán"},
        {"account", "tài khoản"},
        {"technical", "kỹ thuật"}
    };
    private static final double CLEAR = 0.2;
    private static final double LARGE_AMOUNT = 50_000_000;

    private final Reading reading;
    private final boolean weak;
    private final long noise;
    private final boolean largeAmount;
    private final @Nullable BankCase bank;
    private final double sentimentCertainty;
    private final int polarity;
    private double certainty = Double.NaN;

    /**
     * Judges.
     *
     * @param text the item's text
     * @param weak whether the model is a small one
     * @param noise the hash its slips come from
     */
    Judged(String text, boolean weak, long noise) {
        this.reading = Reading.of(text);
        this.weak = weak;
        this.noise = noise;
        this.largeAmount = largestNumber(text) >= LARGE_AMOUNT;
        this.bank = BankCase.of(text).orElse(null);
        this.sentimentCertainty = certaintyOf(reading);
        this.polarity = polarity(reading, slips(sentimentCertainty, 1));
    }

    private static double certaintyOf(Reading reading) {
        if (reading.evidence() == 0) {
            return 0.2;
        }
        double clarity =
                Math.pow(Math.abs(reading.valence()), 0.6)
                        * (1 - Math.exp(-reading.evidence() / 1.0));
        return reading.mixed() ? clarity * 0.6 : clarity;
    }

    private static int polarity(Reading reading, boolean slipped) {
        double valence = reading.valence();
        int honest = valence > CLEAR ? 1 : valence < -CLEAR ? -1 : 0;
        if (!slipped) {
            return honest;
        }
        return honest == 0 ? (valence >= 0 ? 1 : -1) : 0;
    }

    /** The underlying reading. */
    Reading reading() {
        return reading;
    }

    /** -1, 0 or 1. */
    int polarity() {
        return polarity;
    }

    /** From -1 to 1, before any slip. */
    double valence() {
        return reading.valence();
    }

    /** One to five, never at odds with the polarity. */
    int stars() {
        double valence = reading.valence();
        return switch (polarity) {
            case 1 -> valence > 0.5 && reading.evidence() > 1.2 ? 5 : 4;
            case -1 -> valence < -0.5 && reading.evidence() > 1.4 ? 1 : 2;
            default -> 3;
        };
    }

    /** Whether somebody should act now. */
    boolean urgent() {
        return (hits(URGENT) > 0 && polarity <= 0 && reading.valence() < 0.3)
                || risk() > 0.7
                || hits(TOXIC) > 2;
    }

    /** How pressing, from 0 to 1. */
    double urgency() {
        double level = polarity > 0 ? 0.05 : polarity == 0 ? 0.2 : 0.4;
        if (urgent()) {
            level = 0.6 + 0.1 * Math.min(3, hits(URGENT));
        }
        return Math.min(0.99, level);
    }

    /** How dangerous, from 0 to 1. */
    double risk() {
        if (bank != null) {
            return bank.risk();
        }
        double risk =
                0.08
                        + 0.22 * Math.min(3, hits(RISK))
                        + 0.35 * Math.min(2, hits(SCAM))
                        + 0.3 * Math.min(2, hits(TOXIC))
                        + (largeAmount ? 0.25 : 0)
                        - 0.3 * Math.min(2, hits(TRUSTED));
        return Math.clamp(risk, 0.02, 0.98);
    }

    /** Hits of one concept. */
    int hits(int concept) {
        return reading.hits(concept);
    }

    /** How many words the text has. */
    int words() {
        return reading.words().count;
    }

    /** Whether the text is Vietnamese. */
    boolean vietnamese() {
        return reading.vietnamese();
    }

    /** What the text is about, in English, the most general topics first. */
    List<String> topics() {
        return topics(0);
    }

    /** Notes that a value rests on the sentiment. */
    void leanOnSentiment() {
        certainty(sentimentCertainty);
    }

    /** Notes how certain a value is, 0 to 1; the least certain one counts. */
    void certainty(double value) {
        certainty = Double.isNaN(certainty) ? value : Math.min(certainty, value);
    }

    /** Whether this model gets a label wrong here. */
    boolean slips() {
        return slips(Double.isNaN(certainty) ? 0.8 : certainty, 2);
    }

    /** Another label than the right one. */
    int other(int right, int count) {
        return (right + 1 + (int) ((noise >>> 17 & 0xffff) % (count - 1))) % count;
    }

    /** The confidence the model states, 0 to 1, from the least certain value written so far. */
    double confidence() {
        double sure = Double.isNaN(certainty) ? 0.8 : certainty;
        double spread = share(3) * 2 - 1;
        double stated =
                weak ? 0.56 + 0.41 * sure + 0.04 * spread : 0.74 + 0.24 * sure + 0.02 * spread;
        return Math.round(Math.clamp(stated, 0.05, 0.99) * 100) / 100.0;
    }

    /** One sentence on the item. */
    String summary(boolean inVietnamese) {
        if (bank != null && inVietnamese) {
            return bank.reason();
        }
        List<String> topics = topics(inVietnamese ? 1 : 0);
        String about =
                topics.isEmpty()
                        ? ""
                        : String.join(
                                inVietnamese ? " và " : " and ",
                                topics.subList(0, Math.min(2, topics.size())));
        if (inVietnamese) {
            String mood =
                    polarity > 0
                            ? "Khách hài lòng"
                            : polarity < 0
                                    ? "Khách không hài lòng"
                                    : reading.mixed() ? "Khách có khen có chê" : "Ý kiến trung lập";
            return mood
                    + (about.isEmpty() ? "" : " về " + about)
                    + (urgent() ? ", cần xử lý ngay." : ".");
        }
        String mood =
                polarity > 0
                        ? "The customer is satisfied"
                        : polarity < 0
                                ? "The customer is not satisfied"
                                : reading.mixed() ? "Praise and blame" : "A neutral remark";
        return mood
                + (about.isEmpty() ? "" : ": " + about)
                + (urgent() ? "; needs handling now." : ".");
    }

    private List<String> topics(int language) {
        List<String> topics = new ArrayList<>();
        for (String[] topic : TOPICS) {
            if (hits(LEXICON.concept(topic[0])) > 0) {
                topics.add(topic[language]);
            }
        }
        return topics;
    }

    private boolean slips(double sure, int draw) {
        double odds;
        if (weak) {
            odds = sure > 0.75 ? 0 : sure > 0.5 ? 0.08 : 0.22;
        } else {
            odds = sure > 0.5 ? 0 : 0.04;
        }
        return share(draw) < odds;
    }

    /** A number from 0 to 1, another one for each draw. */
    private double share(int draw) {
        return (Hash.mix(noise + draw) >>> 11) * 0x1.0p-53;
    }

    private static double largestNumber(String text) {
        double largest = 0;
        double current = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                current = current * 10 + (c - '0');
            } else if (c != ',' && c != '.') {
                largest = Math.max(largest, million(text, i) ? current * 1_000_000 : current);
                current = 0;
            }
        }
        return Math.max(largest, current);
    }

    private static boolean million(String text, int at) {
        return text.startsWith(" triệu", at)
                || text.startsWith(" trieu", at)
                || text.startsWith(" million", at)
                || text.startsWith("tr ", at);
    }
}
