package dev.thac.testkit.answer;

/** Property and label names as words. */
final class Names {

    private Names() {}

    /** {@code needsReply}, {@code needs_reply} and {@code needs-reply} as {@code needs reply}. */
    static String words(String name) {
        StringBuilder words = new StringBuilder(name.length() + 4);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean hump =
                    i > 0 && Character.isUpperCase(c) && Character.isLowerCase(name.charAt(i - 1));
            if (hump) {
                words.append(' ');
            }
            boolean gap = c == '_' || c == '-' || c == '.' || c == '/';
            words.append(gap ? ' ' : Character.toLowerCase(c));
        }
        return words.toString();
    }

    /** Whether a folded name contains one of the words. */
    static boolean any(String folded, String... words) {
        for (String word : words) {
            if (folded.contains(word)) {
                return true;
            }
        }
        return false;
    }
}
