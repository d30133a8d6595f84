package dev.thac.redact;

import com.google.re2j.Pattern;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds phone, card and national identity numbers in a text: groups of digits with single blanks,
 * dots, hyphens or parentheses between them. One scan; each group is tried with at most {@value
 * #MOST_GROUPS} others, so the time is linear in the text. Immutable.
 *
 * <p>Phones: the numbering plan of Vietnam (mobile {@code 03 05 07 08 09} and eight digits, the
 * eleven digits of before 2018, fixed lines {@code 02} and nine digits), also with {@code 84};
 * others by {@code +} and 8 to 15 digits (ITU-T E.164). Cards: ISO/IEC 7812 with the ranges of the
 * schemes used in Vietnam, Napas among them, and the check digit (Luhn). National identity numbers:
 * the province's code 001 to 096 in front, then century and sex (Circular 59/2021/TT-BCA); the old
 * nine digits only where they begin with 0 or a word before says what they are, since amounts have
 * nine digits too.
 */
final class PersonalNumbers {

    private static final int MOST_GROUPS = 8;
    private static final int MOST_DIGITS = 19;
    private static final int WORD_BEFORE = 24;
    private static final int PROVINCES = 96;
    private static final String ANY = "*";

    private static final Pattern SAYS_IDENTITY =
            Pattern.compile(
                    "(?i)(cmnd|cmtnd|cmt|cccd|ch[uứ]ng minh|c[aă]n c[uướ]+c|national id|identity"
                            + "|id card|id no)");
    private static final Pattern MOBILE = Pattern.compile("0[35789][0-9]{8}|01[2689][0-9]{8}");
    private static final Pattern FIXED = Pattern.compile("02[0-9]{9}");
    private static final Pattern WITH_CODE =
            Pattern.compile("(?:00)?840?(?:[35789][0-9]{8}|2[0-9]{9})");
    private static final Pattern WITH_PLUS = Pattern.compile("[1-9][0-9]{7,14}");
    private static final Pattern SCHEMES =
            Pattern.compile(
                    "4[0-9]{12}(?:[0-9]{3})?" // Visa
                            + "|5[1-5][0-9]{14}|2(?:2[2-9]|[3-6][0-9]|7[01])[0-9]{13}|2720[0-9]{12}"
                            + "|3[47][0-9]{13}" // American Express
                            + "|35(?:2[89]|[3-8][0-9])[0-9]{12}" // JCB
                            + "|3(?:0[0-5]|[68][0-9])[0-9]{11}" // Diners Club
                            + "|6(?:011|4[4-9][0-9]|5[0-9]{2})[0-9]{12}" // Discover
                            + "|62[0-9]{14,17}" // UnionPay
                            + "|9704[0-9]{12}(?:[0-9]{3})?"); // Napas

    private final boolean phones;
    private final boolean cards;
    private final boolean identities;

    /** Digits that stand together, and what separates them from those before. */
    private record Group(int start, int end, String digits, String gap) {}

    PersonalNumbers(Set<RedactKind> kinds) {
        this.phones = kinds.contains(RedactKind.PHONE);
        this.cards = kinds.contains(RedactKind.CARD);
        this.identities = kinds.contains(RedactKind.NATIONAL_ID);
    }

    /** The text without such numbers. */
    String clean(String text) {
        if (!phones && !cards && !identities) {
            return text;
        }
        StringBuilder clean = null;
        int from = 0;
        List<Group> groups = groups(text);
        for (int i = 0; i < groups.size(); i++) {
            for (int last = last(groups, i); last >= i; last--) {
                String token = token(text, groups.subList(i, last + 1));
                if (!token.isEmpty()) {
                    int start = groups.get(i).start();
                    clean = clean == null ? new StringBuilder(text.length()) : clean;
                    int cut = start > from && text.charAt(start - 1) == '+' ? start - 1 : start;
                    clean.append(text, from, cut).append(token);
                    from = groups.get(last).end();
                    i = last;
                    break;
                }
            }
        }
        return clean == null ? text : clean.append(text, from, text.length()).toString();
    }

    /** Whether these digits are a card's. */
    static boolean isCard(String digits) {
        return SCHEMES.matches(digits) && checks(digits);
    }

    private String token(String text, List<Group> groups) {
        String digits = digits(groups);
        boolean even = even(groups);
        if (cards && even && isCard(digits)) {
            return Detectors.CARD;
        }
        if (identities && even && isIdentity(digits, text, groups.getFirst().start())) {
            return "[national-id]";
        }
        return phones && isPhone(digits, text, groups.getFirst().start(), even) ? "[phone]" : "";
    }

    private static boolean isPhone(String digits, String text, int start, boolean even) {
        if (start > 0 && text.charAt(start - 1) == '+') {
            return WITH_PLUS.matches(digits);
        }
        return even
                && (MOBILE.matches(digits) || FIXED.matches(digits) || WITH_CODE.matches(digits));
    }

    private static boolean isIdentity(String digits, String text, int start) {
        if (digits.length() != 12 && digits.length() != 9) {
            return false;
        }
        if (SAYS_IDENTITY.matcher(text.substring(Math.max(0, start - WORD_BEFORE), start)).find()) {
            return true;
        }
        if (digits.length() == 9) {
            return digits.charAt(0) == '0';
        }
        int province = Integer.parseInt(digits.substring(0, 3));
        return province >= 1 && province <= PROVINCES && digits.charAt(3) <= '3';
    }

    /** Luhn: from the right every second digit twice, the digits' sum a multiple of ten. */
    private static boolean checks(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int weighed = i % 2 == 0 ? digit : 2 * digit;
            sum += weighed > 9 ? weighed - 9 : weighed;
        }
        return sum % 10 == 0;
    }

    /** Whether one separator is used throughout, as in a number and not in a date and a time. */
    private static boolean even(List<Group> groups) {
        String used = ANY;
        for (Group group : groups.subList(1, groups.size())) {
            if (group.gap().equals(ANY)) {
                continue;
            }
            if (!used.equals(ANY) && !used.equals(group.gap())) {
                return false;
            }
            used = group.gap();
        }
        return true;
    }

    private static String digits(List<Group> groups) {
        StringBuilder digits = new StringBuilder(MOST_DIGITS);
        groups.forEach(group -> digits.append(group.digits()));
        return digits.toString();
    }

    /** The last group that may belong to a number beginning with this one. */
    private static int last(List<Group> groups, int first) {
        int digits = groups.get(first).digits().length();
        int last = first;
        while (last + 1 < groups.size()
                && last + 1 - first < MOST_GROUPS
                && !groups.get(last + 1).gap().isEmpty()) {
            digits += groups.get(last + 1).digits().length();
            if (digits > MOST_DIGITS) {
                break;
            }
            last++;
        }
        return last;
    }

    private static List<Group> groups(String text) {
        List<Group> groups = new ArrayList<>();
        int end = -1;
        int at = 0;
        while (at < text.length()) {
            if (!Character.isDigit(text.charAt(at))) {
                at++;
                continue;
            }
            int start = at;
            StringBuilder digits = new StringBuilder();
            while (at < text.length() && Character.isDigit(text.charAt(at))) {
                digits.append((char) ('0' + Character.digit(text.charAt(at), 10)));
                at++;
            }
            groups.add(new Group(start, at, digits.toString(), gap(text, end, start)));
            end = at;
        }
        return groups;
    }

    /** What stands between two groups of one number; empty: nothing that may. */
    private static String gap(String text, int from, int to) {
        if (from < 0 || to - from > 3) {
            return "";
        }
        String gap = text.substring(from, to);
        boolean parenthesis = false;
        for (int i = 0; i < gap.length(); i++) {
            char letter = gap.charAt(i);
            if (letter == '(' || letter == ')') {
                parenthesis = true;
            } else if (letter != ' ' && letter != '.' && letter != '-' && letter != '\u00a0') {
                return "";
            }
        }
        if (parenthesis) {
            return ANY;
        }
        return gap.length() == 1 ? gap : "";
    }
}
