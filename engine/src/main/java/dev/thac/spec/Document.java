package dev.thac.spec;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One YAML 1.2 file that knows where everything stands, so that a problem found much later can
 * still point at its line and column. Places are named by paths such as {@code
 * analyses.review.tiers[1].model}. Immutable once parsed; safe to share.
 */
public final class Document {

    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setUseMarks(true).setAllowDuplicateKeys(true).build();

    /** What must not be printed, found by the name of its key, whatever the shape of the file. */
    private static final Pattern LITERAL_SECRET =
            Pattern.compile(
                    "(?i)(?:api[-_]?key|secret|token|authorization|pass(?:word|wd)|jaas\\.config)[\"']?\\s*:\\s*"
                        + "(?!\\$\\{(?:env|file):)(?!\\s|\"\\$\\{|'\\$\\{|#)"
                        + "(\"[^\"]*\"?|'[^']*'?|[^\\s,}]+.*?(?=\\s*[,}#]|\\s*$))");

    private static final String MASK = "***";

    private final String name;
    private final List<String> lines;
    private final Map<String, Spot> spots = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private final @Nullable Node root;
    private boolean looped;

    private Document(String name, String text) {
        this.name = name;
        this.lines = text.lines().toList();
        this.root = compose(text);
    }

    /**
     * Parses a file. What is wrong with it as YAML is in {@link #problems()}.
     *
     * @param name the file as the user named it
     * @param text its content
     * @return the document
     */
    public static Document parse(String name, String text) {
        return new Document(name, text);
    }

    /**
     * The file as the user named it.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * What is wrong with the file as YAML: syntax, nothing in it, duplicate keys.
     *
     * @return the problems in the order of the file
     */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /**
     * Whether a path exists in the file.
     *
     * @param path such as {@code source.topic}
     * @return true when it is written there
     */
    public boolean has(String path) {
        return spots.containsKey(path);
    }

    /**
     * A problem with a value. When the path is not written in the file, its nearest parent is
     * pointed at.
     *
     * @param kind what kind of problem
     * @param path where
     * @param message the reason
     * @return the problem
     */
    public Problem at(ProblemKind kind, String path, String message) {
        Spot spot = spot(path);
        Node value = spot.value();
        return value instanceof ScalarNode || spot.key().isEmpty()
                ? mark(kind, value, message)
                : mark(kind, spot.key().get(), message);
    }

    /**
     * A problem with a key (or, in a list, with the item).
     *
     * @param kind what kind of problem
     * @param path where
     * @param message the reason
     * @return the problem
     */
    public Problem atKey(ProblemKind kind, String path, String message) {
        Spot spot = spot(path);
        return mark(kind, spot.key().orElse(spot.value()), message);
    }

    /**
     * A problem with a part of a text value, for example in an expression.
     *
     * @param kind what kind of problem
     * @param path where
     * @param offset index of the first character in the value; negative for the value as a whole
     * @param length how many characters
     * @param message the reason
     * @return the problem
     */
    public Problem inside(ProblemKind kind, String path, int offset, int length, String message) {
        Spot spot = spot(path);
        if (offset >= 0 && has(path) && spot.value() instanceof ScalarNode scalar) {
            Optional<int[]> place = ScalarPlaces.of(scalar, lines, offset);
            if (place.isPresent()) {
                int line = place.get()[0];
                int column = place.get()[1];
                int width = Math.min(length, line(line).length() - column);
                return problem(kind, line, column, Math.max(1, width), message);
            }
        }
        return at(kind, path, message);
    }

    /**
     * The content as plain values: maps in document order, lists, strings, {@code Long}, {@code
     * Double}, {@code BigInteger}, {@code Boolean}, null.
     *
     * @return null when the file is not YAML or holds nothing
     */
    public @Nullable Object tree() {
        return root == null ? null : Trees.of(root);
    }

    /**
     * The root of the file.
     *
     * @return empty when it is not YAML or holds nothing
     */
    Optional<Node> root() {
        return Optional.ofNullable(root);
    }

    /** A problem with a node of this document. */
    Problem mark(ProblemKind kind, Node node, String message) {
        Mark start = node.getStartMark().orElseThrow();
        int width = 1;
        if (node instanceof ScalarNode) {
            Mark end = node.getEndMark().orElse(start);
            int last =
                    end.getLine() == start.getLine()
                            ? end.getColumn()
                            : line(start.getLine()).stripTrailing().length();
            width = Math.max(1, last - start.getColumn());
        }
        return problem(kind, start.getLine(), start.getColumn(), width, message);
    }

    private Problem problem(ProblemKind kind, int line, int column, int width, String message) {
        String text = line(line);
        StringBuilder shown = new StringBuilder();
        int from = column;
        int length = width;
        int copied = 0;
        Matcher secrets = LITERAL_SECRET.matcher(text);
        while (secrets.find()) {
            shown.append(text, copied, secrets.start(1)).append(MASK);
            copied = secrets.end(1);
            if (column >= secrets.end(1)) {
                from += MASK.length() - (secrets.end(1) - secrets.start(1));
            } else if (column >= secrets.start(1)) {
                from = shown.length() - MASK.length();
                length = MASK.length();
            }
        }
        shown.append(text, copied, text.length());
        return new Problem(
                kind,
                message,
                name,
                line + 1,
                from + 1,
                shown.toString(),
                length,
                Optional.empty());
    }

    private String line(int index) {
        return index < lines.size() ? lines.get(index) : "";
    }

    private Spot spot(String path) {
        String known = path;
        while (!known.isEmpty()) {
            Spot spot = spots.get(known);
            if (spot != null) {
                return spot;
            }
            int cut = Math.max(known.lastIndexOf('.'), known.lastIndexOf('['));
            known = known.substring(0, Math.max(cut, 0));
        }
        Spot whole = spots.get("");
        if (whole == null) {
            throw new IllegalStateException(name + " holds nothing; no place for " + path);
        }
        return whole;
    }

    private @Nullable Node compose(String text) {
        try {
            Optional<Node> composed = new Compose(SETTINGS).composeString(text);
            if (composed.isEmpty() || isNothing(composed.get())) {
                problems.add(Problem.ofFile(ProblemKind.EMPTY, name, "the file is empty"));
                return null;
            }
            walk("", Optional.empty(), composed.get(), new HashSet<>());
            return looped ? null : composed.get();
        } catch (MarkedYamlEngineException wrong) {
            problems.add(syntax(wrong));
        } catch (YamlEngineException wrong) {
            problems.add(Problem.ofFile(ProblemKind.SYNTAX, name, reason(wrong.getMessage())));
        }
        return null;
    }

    private static boolean isNothing(Node node) {
        return node instanceof ScalarNode scalar && scalar.getValue().isEmpty();
    }

    private Problem syntax(MarkedYamlEngineException wrong) {
        String message = reason(wrong.getProblem());
        Optional<Mark> mark = wrong.getProblemMark().or(wrong::getContextMark);
        if (mark.isEmpty()) {
            return Problem.ofFile(ProblemKind.SYNTAX, name, message);
        }
        int line = Math.min(mark.get().getLine(), Math.max(0, lines.size() - 1));
        int column = Math.min(mark.get().getColumn(), line(line).length());
        Problem problem = problem(ProblemKind.SYNTAX, line, column, 1, message);
        String context = wrong.getContext();
        return context == null || context.isBlank()
                ? problem
                : problem.withHelp(
                        context.strip()
                                + wrong.getContextMark()
                                        .map(
                                                place ->
                                                        " that began in line "
                                                                + (place.getLine() + 1))
                                        .orElse(""));
    }

    private static String reason(@Nullable String problem) {
        return "not valid YAML"
                + (problem == null || problem.isBlank() ? "" : ": " + problem.strip());
    }

    private void walk(String path, Optional<Node> key, Node value, Set<Node> above) {
        spots.put(path, new Spot(key, value));
        if (!above.add(value)) {
            problems.add(
                    mark(
                            ProblemKind.SYNTAX,
                            key.orElse(value),
                            "this alias stands inside the very part it stands for"));
            looped = true;
            return;
        }
        if (value instanceof MappingNode mapping) {
            walkMapping(path, mapping, above);
        } else if (value instanceof SequenceNode sequence) {
            int index = 0;
            for (Node item : sequence.getValue()) {
                walk(path + "[" + index++ + "]", Optional.empty(), item, above);
            }
        }
        above.remove(value);
    }

    private void walkMapping(String path, MappingNode mapping, Set<Node> above) {
        Map<String, Node> seen = new HashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            Node key = entry.getKeyNode();
            if (!(key instanceof ScalarNode scalar)) {
                problems.add(mark(ProblemKind.WRONG_TYPE, key, "a key must be text"));
                continue;
            }
            Node first = seen.putIfAbsent(scalar.getValue(), key);
            if (first != null) {
                problems.add(
                        mark(
                                        ProblemKind.DUPLICATE_KEY,
                                        key,
                                        "key \"" + scalar.getValue() + "\" is given twice")
                                .withHelp(
                                        "it is given first in line "
                                                + (first.getStartMark().orElseThrow().getLine()
                                                        + 1)));
                continue;
            }
            walk(join(path, scalar.getValue()), Optional.of(key), entry.getValueNode(), above);
        }
    }

    /** The path of a key under a path. */
    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private record Spot(Optional<Node> key, Node value) {}
}
