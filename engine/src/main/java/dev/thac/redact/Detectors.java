package dev.thac.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds personal data in texts. Regular expressions are RE2's, whose time is linear in the text
 * whatever they are; digits are found by one scan. Immutable and thread-safe.
 */
final class Detectors {

    static final String CARD = "[card]";
    private static final String EMAIL = "[email]";

    private static final Pattern ADDRESS =
            Pattern.compile(
                    "[\\p{L}\\p{N}._%+'-]+@(?:[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?\\.)+"
                        + "\\p{L}{2,24}");

    private final Set<RedactKind> kinds;
    private final List<Custom> custom;
    private final PersonalNumbers numbers;

    private record Custom(Pattern pattern, String token) {}

    /**
     * @throws IllegalArgumentException when a regular expression is none, or matches nothing at all
     */
    Detectors(List<RedactKind> kinds, Map<String, String> custom) {
        this.kinds = EnumSet.noneOf(RedactKind.class);
        this.kinds.addAll(kinds);
        this.numbers = new PersonalNumbers(this.kinds);
        this.custom = new ArrayList<>(custom.size());
        custom.forEach(
                (name, text) -> this.custom.add(new Custom(compile(text), "[" + name + "]")));
    }

    /** The text without what is found in it. */
    String clean(String text) {
        String clean = text;
        if (kinds.contains(RedactKind.EMAIL) && clean.indexOf('@') >= 0) {
            clean = ADDRESS.matcher(clean).replaceAll(EMAIL);
        }
        clean = numbers.clean(clean);
        for (Custom each : custom) {
            Matcher matcher = each.pattern.matcher(clean);
            if (matcher.find()) {
                clean = matcher.replaceAll(Matcher.quoteReplacement(each.token));
            }
        }
        return clean;
    }

    /** Whether these digits are a payment card's, and cards are looked for. */
    boolean isCard(String digits) {
        return kinds.contains(RedactKind.CARD) && PersonalNumbers.isCard(digits);
    }

    private static Pattern compile(String text) {
        try {
            Pattern pattern = Pattern.compile(text);
            if (pattern.matcher("").find()) {
                throw new IllegalArgumentException("it matches the empty text, so everywhere");
            }
            return pattern;
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "no regular expression of RE2: " + e.getMessage(), e);
        }
    }
}
