package dev.thac.filter;

import dev.thac.event.Numbers;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The kinds of matchers. Text matchers match texts only. */
final class Matchers {

    private Matchers() {}

    static Matcher exactly(@Nullable Object wanted) {
        return switch (wanted) {
            case null -> leaf -> leaf == null;
            case String text -> text::equals;
            case Number number ->
                    leaf -> leaf instanceof Number other && Numbers.equal(number, other);
            default -> wanted::equals;
        };
    }

    static Matcher text(Predicate<String> test) {
        return leaf -> leaf instanceof String text && test.test(text);
    }

    static Matcher anyText(List<Predicate<String>> tests) {
        if (tests.size() == 1) {
            return text(tests.getFirst());
        }
        return text(
                text -> {
                    for (Predicate<String> test : tests) {
                        if (test.test(text)) {
                            return true;
                        }
                    }
                    return false;
                });
    }

    static Matcher anyOf(Set<String> texts) {
        return leaf -> leaf instanceof String text && texts.contains(text);
    }

    static Matcher anyOf(List<Number> numbers) {
        return leaf -> {
            if (leaf instanceof Number number) {
                for (Number one : numbers) {
                    if (Numbers.equal(number, one)) {
                        return true;
                    }
                }
            }
            return false;
        };
    }

    static Matcher not(Matcher matcher) {
        return leaf -> !matcher.matches(leaf);
    }

    static Matcher exists() {
        return leaf -> true;
    }

    static Predicate<String> prefix(String prefix, boolean ignoreCase) {
        return ignoreCase
                ? text -> text.regionMatches(true, 0, prefix, 0, prefix.length())
                : text -> text.startsWith(prefix);
    }

    static Predicate<String> suffix(String suffix, boolean ignoreCase) {
        int length = suffix.length();
        return ignoreCase
                ? text -> text.regionMatches(true, text.length() - length, suffix, 0, length)
                : text -> text.endsWith(suffix);
    }
}
