package dev.thac.filter;

import dev.thac.spec.Spelling;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Reads the entries of a field's list. */
final class MatcherParser {

    private static final String IGNORE_CASE = "equals-ignore-case";
    private static final String EXISTS = "exists";
    private static final List<String> OPERATORS =
            List.of(
                    "exactly",
                    "prefix",
                    "suffix",
                    IGNORE_CASE,
                    "wildcard",
                    "anything-but",
                    "numeric",
                    "cidr",
                    EXISTS);
    private static final List<String> BUT_OPERATORS =
            List.of("prefix", "suffix", IGNORE_CASE, "wildcard");

    private MatcherParser() {}

    /** Whether an entry is {@code exists: false}. */
    static boolean isAbsence(@Nullable Object entry) {
        return entry instanceof Map<?, ?> map
                && map.size() == 1
                && Boolean.FALSE.equals(map.get(EXISTS));
    }

    /** The matcher of an entry that is not {@code exists: false}. */
    static Matcher parse(@Nullable Object entry, String path) throws PatternException {
        return switch (entry) {
            case Map<?, ?> map -> operator(map, path);
            case List<?> _ ->
                    throw new PatternException(path, "a list in a list of values has no meaning");
            case null, default -> Matchers.exactly(entry);
        };
    }

    private static Matcher operator(Map<?, ?> map, String path) throws PatternException {
        Map.Entry<?, ?> only = only(map, path);
        String name = String.valueOf(only.getKey());
        Object argument = only.getValue();
        String at = path + "." + name;
        return switch (name) {
            case "exactly" -> Matchers.exactly(text(argument, at));
            case "prefix", "suffix", IGNORE_CASE, "wildcard", "cidr" ->
                    Matchers.text(test(name, argument, at));
            case "anything-but" -> anythingBut(argument, at);
            case "numeric" -> NumericParser.parse(argument, at);
            case EXISTS -> {
                if (!Boolean.TRUE.equals(argument)) {
                    throw new PatternException(at, "'exists' is true or false");
                }
                yield Matchers.exists();
            }
            default ->
                    throw new PatternException(
                            at,
                            "unknown operator '"
                                    + name
                                    + "'; "
                                    + Spelling.advice(name, OPERATORS, "operators"));
        };
    }

    private static Map.Entry<?, ?> only(Map<?, ?> map, String path) throws PatternException {
        if (map.size() != 1) {
            throw new PatternException(
                    path,
                    "one operator must stand here, not "
                            + map.size()
                            + "; entries of a list are alternatives");
        }
        return map.entrySet().iterator().next();
    }

    private static String text(@Nullable Object argument, String path) throws PatternException {
        if (argument instanceof String text) {
            return text;
        }
        throw new PatternException(path, "a text must stand here");
    }

    private static Predicate<String> test(String name, @Nullable Object argument, String path)
            throws PatternException {
        return switch (name) {
            case "prefix" -> Matchers.prefix(affix(argument, path), argument instanceof Map);
            case "suffix" -> Matchers.suffix(affix(argument, path), argument instanceof Map);
            case IGNORE_CASE -> text(argument, path)::equalsIgnoreCase;
            case "wildcard" -> Wildcard.parse(text(argument, path), path);
            default -> Cidr.parse(text(argument, path), path);
        };
    }

    private static String affix(@Nullable Object argument, String path) throws PatternException {
        return argument instanceof Map<?, ?> map ? ignoredCase(map, path) : text(argument, path);
    }

    private static String ignoredCase(Map<?, ?> map, String path) throws PatternException {
        Map.Entry<?, ?> only = only(map, path);
        if (!IGNORE_CASE.equals(only.getKey())) {
            throw new PatternException(
                    path, "a text or { " + IGNORE_CASE + ": text } must stand here");
        }
        return text(only.getValue(), path + "." + IGNORE_CASE);
    }

    private static Matcher anythingBut(@Nullable Object argument, String path)
            throws PatternException {
        if (argument instanceof Map<?, ?> map) {
            Map.Entry<?, ?> only = only(map, path);
            String name = String.valueOf(only.getKey());
            if (!BUT_OPERATORS.contains(name)) {
                throw new PatternException(
                        path + "." + name,
                        "'anything-but' cannot be combined with '"
                                + name
                                + "'; "
                                + Spelling.advice(name, BUT_OPERATORS, "operators"));
            }
            List<Predicate<String>> tests = new ArrayList<>();
            List<?> all = only.getValue() instanceof List<?> list ? list : listOf(only.getValue());
            for (Object one : all) {
                if ("".equals(one) && !name.equals(IGNORE_CASE)) {
                    throw new PatternException(path, "an empty text would exclude everything");
                }
                tests.add(test(name, one, path + "." + name));
            }
            if (tests.isEmpty()) {
                throw new PatternException(path, "an empty list excludes nothing");
            }
            return Matchers.not(Matchers.anyText(tests));
        }
        return Matchers.not(
                anyValue(argument instanceof List<?> list ? list : listOf(argument), path));
    }

    private static List<@Nullable Object> listOf(@Nullable Object only) {
        List<@Nullable Object> list = new ArrayList<>(1);
        list.add(only);
        return list;
    }

    private static Matcher anyValue(List<?> values, String path) throws PatternException {
        Set<String> texts = new HashSet<>();
        List<Number> numbers = new ArrayList<>();
        for (Object value : values) {
            switch (value) {
                case String text -> texts.add(text);
                case Number number -> numbers.add(number);
                case null, default ->
                        throw new PatternException(
                                path, "'anything-but' takes texts or numbers only");
            }
        }
        if (texts.isEmpty() == numbers.isEmpty()) {
            throw new PatternException(
                    path, "'anything-but' takes texts only or numbers only, and at least one");
        }
        return texts.isEmpty() ? Matchers.anyOf(numbers) : Matchers.anyOf(texts);
    }
}
