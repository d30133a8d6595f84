package dev.thac.testkit.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bank transaction with its customer's profile and history, as a prompt shows them: an amount in
 * VND, an object with a {@code tier}, and one with what came before. Judged by a few plain rules on
 * these alone, so that an answer depends on what the prompt holds; a text without a profile or
 * history is none. A real model weighs such things in its own way: what this says is simulated.
 *
 * @param risk from 0 to 1
 * @param reason in Vietnamese, what weighed most
 */
record BankCase(double risk, String reason) {

    private static final Pattern TRANSACTION =
            Pattern.compile("(\\d+) VND at [^\\n]*?\\((\\w+)\\)");
    private static final Pattern DAY = Pattern.compile("\\b(\\d{4}-\\d{2}-\\d{2})T");
    private static final Pattern DEVICE = Pattern.compile("\\bdevice ([\\w-]+)");
    private static final Pattern COUNTRY = Pattern.compile("\\bcountry ([A-Z]{2})\\b");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double USUAL = 2_000_000;
    private static final double TINY = 50_000;

    /** What a text tells of such a case; empty where it is none. */
    static Optional<BankCase> of(String text) {
        int line = text.indexOf(" VND at ");
        if (line < 0 || !text.contains("\"tier\"")) {
            return Optional.empty();
        }
        Matcher transaction = TRANSACTION.matcher(text);
        JsonNode profile = object(text, "tier");
        JsonNode context = object(text, "last");
        return transaction.find() && profile != null && context != null
                ? Optional.of(
                        judged(
                                Double.parseDouble(transaction.group(1)),
                                transaction.group(2),
                                text,
                                profile,
                                context))
                : Optional.empty();
    }

    private static BankCase judged(
            double amount, String category, String text, JsonNode profile, JsonNode context) {
        double risk = 0.1;
        String reason = "Giao dịch phù hợp với khách hàng này.";
        JsonNode last = context.path("last");
        double most = 0;
        boolean known = false;
        for (JsonNode earlier : last) {
            most = Math.max(most, earlier.path("amount").asDouble());
            known |= earlier.path("category").asText().equals(category);
        }
        long count = context.path("count_1h").asLong();
        long age = age(text, profile);
        boolean trusted = profile.path("tier").asText().equals("vip") && age > 365;
        if (age < 30) {
            risk += 0.2;
        }
        if (amount > 4 * Math.max(most, USUAL)) {
            risk += 0.15;
            reason = "Số tiền gấp nhiều lần mức thường ngày của khách.";
        }
        if (!found(COUNTRY, text, "VN").equals("VN") && context.path("foreign_7d").asLong() == 0) {
            risk += 0.2;
        }
        String device = profile.path("device").asText();
        if (!found(DEVICE, text, device).equals(device)) {
            risk += 0.4;
            reason = "Thiết bị lạ, không khớp với hồ sơ khách hàng.";
        }
        if (count >= 3) {
            risk += count >= 6 ? 0.45 : 0.25;
            risk += amount < TINY ? 0.3 : 0;
            reason = "Nhiều giao dịch liên tiếp trong một giờ.";
            if (age < 30) {
                risk += 0.1;
                reason = "Tài khoản mới mở mua nhiều lần liên tiếp trong một giờ.";
            }
        } else if (known) {
            risk -= 0.1;
        }
        if (trusted) {
            risk -= 0.35;
            reason = "Khách VIP lâu năm, chi tiêu phù hợp với hồ sơ và lịch sử.";
        }
        return new BankCase(Math.clamp(risk, 0.02, 0.98), reason);
    }

    /** Days from the opening of the account to the transaction; much where nothing is known. */
    private static long age(String text, JsonNode profile) {
        try {
            LocalDate opened = LocalDate.parse(profile.path("opened_on").asText());
            LocalDate day = LocalDate.parse(found(DAY, text, opened.toString()));
            return ChronoUnit.DAYS.between(opened, day);
        } catch (DateTimeException _) {
            // an age that is not told weighs nothing
            return Long.MAX_VALUE;
        }
    }

    private static String found(Pattern pattern, String text, String otherwise) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? matcher.group(1) : otherwise;
    }

    /** The first JSON object of a line that has this member. */
    private static @Nullable JsonNode object(String text, String member) {
        for (String line : text.split("\\n", -1)) {
            int brace = line.indexOf('{');
            if (brace >= 0 && line.indexOf("\"" + member + "\"", brace) >= 0) {
                try {
                    JsonNode object = JSON.readTree(line.substring(brace));
                    if (object.has(member)) {
                        return object;
                    }
                } catch (JsonProcessingException _) {
                    // a line that is no JSON is none of these
                }
            }
        }
        return null;
    }
}
