package dev.thac.spec;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a document into a spec record and finds every problem on the way, not only the first. What
 * cannot be read is replaced by a stand-in and remembered as a hole (see {@link Reading}). Used
 * once, by one thread.
 */
public final class SpecReader {

    private final Document document;
    private final Shape.Mapping whole;
    private final List<Problem> problems;
    private final Set<String> holes = new HashSet<>();

    /** How deep we are inside parts that are not built yet; they are refused once, at the top. */
    private int notYetDepth;

    private SpecReader(Document document, Shape.Mapping whole) {
        this.document = document;
        this.whole = whole;
        this.problems = new ArrayList<>(document.problems());
    }

    /**
     * Reads a document.
     *
     * @param <T> the spec record
     * @param document a parsed file
     * @param type a record whose components carry {@link Key}
     * @return the spec and all problems
     */
    public static <T extends Record> Reading<T> read(Document document, Class<T> type) {
        Shape.Mapping shape = Shapes.of(type);
        SpecReader reader = new SpecReader(document, shape);
        Optional<T> spec =
                document.root()
                        .map(root -> reader.mapping(shape, root, new Place("", "the file")))
                        .map(type::cast);
        return new Reading<>(spec, reader.holes, Problems.sorted(reader.problems).all());
    }

    /**
     * Reads one value that must be right: a default.
     *
     * @param shape what it is
     * @param name its key
     * @param text as in a file
     * @return the value
     * @throws IllegalStateException when it is wrong: a defect of ours
     */
    static Object value(Shape shape, String name, String text) {
        Document document = Document.parse("default of " + name, text);
        SpecReader reader = new SpecReader(document, new Shape.Mapping(Record.class, List.of()));
        Object value = reader.value(shape, document.root().orElseThrow(), new Place(name, name));
        if (value == null || !reader.problems.isEmpty()) {
            throw new IllegalStateException(new Problems(reader.problems).render());
        }
        return value;
    }

    private @Nullable Object value(Shape shape, Node node, Place place) {
        return switch (shape) {
            case Shape.Single single -> single(single.scalar(), node, place);
            case Shape.Choice choice -> choice(choice, node, place);
            case Shape.Items items -> items(items, node, place);
            case Shape.Entries entries -> entries(entries, node, place);
            case Shape.Anything _ -> new Tree(Trees.of(node));
            case Shape.Mapping mapping -> mapping(mapping, node, place);
            case Shape.Union union -> union(union, node, place);
        };
    }

    private Object single(Scalar kind, Node node, Place place) {
        if (!(node instanceof ScalarNode scalar) || isNull(node)) {
            return hole(wrongType(node, place, kind.noun()), place, kind.placeholder());
        }
        String text = scalar.getValue();
        boolean number = kind == Scalar.INTEGER || kind == Scalar.NUMBER || kind == Scalar.BOOLEAN;
        if (number && !scalar.isPlain()) {
            return hole(wrongType(node, place, kind.noun()), place, kind.placeholder());
        }
        Optional<Object> value = kind.read(text);
        if (value.isPresent()) {
            return value.get();
        }
        return hole(refused(kind, scalar, place), place, kind.placeholder());
    }

    private Problem refused(Scalar kind, ScalarNode node, Place place) {
        if (kind == Scalar.SECRET) {
            return document.mark(
                            ProblemKind.LITERAL_SECRET,
                            node,
                            "\"" + place.label() + "\" must not hold the secret itself")
                    .withHelp(kind.advice());
        }
        if (!kind.ownGrammar()) {
            return wrongType(node, place, kind.noun());
        }
        return document.mark(
                        ProblemKind.BAD_VALUE,
                        node,
                        quoted(place) + " must be " + kind.noun() + ", not " + shown(node))
                .withHelp(kind.advice());
    }

    private Object choice(Shape.Choice choice, Node node, Place place) {
        List<String> words = choice.options().stream().map(Shape.Option::word).toList();
        Object placeholder = choice.options().getFirst().constant();
        String noun = "one of " + String.join(", ", words);
        boolean written = !isNull(node) || !((ScalarNode) node).getValue().isEmpty();
        if (!(node instanceof ScalarNode scalar) || !written) {
            return hole(wrongType(node, place, noun), place, placeholder);
        }
        for (Shape.Option option : choice.options()) {
            if (option.word().equals(scalar.getValue())) {
                if (option.notYet()) {
                    notYet(document.mark(ProblemKind.NOT_YET, node, notBuilt(option.word())));
                }
                return option.constant();
            }
        }
        Problem problem =
                document.mark(
                                ProblemKind.BAD_VALUE,
                                node,
                                quoted(place) + " cannot be " + shown(node))
                        .withHelp(Spelling.advice(scalar.getValue(), words, "choices"));
        return hole(problem, place, placeholder);
    }

    private Object items(Shape.Items items, Node node, Place place) {
        if (!(node instanceof SequenceNode sequence)) {
            Problem problem = wrongType(node, place, "a list");
            if (node instanceof ScalarNode scalar && !isNull(node)) {
                problem =
                        problem.withHelp(
                                "write it as a list: %s: [%s]"
                                        .formatted(place.label(), scalar.getValue()));
            }
            return hole(problem, place, List.of());
        }
        List<Object> values = new ArrayList<>();
        int index = 0;
        for (Node item : sequence.getValue()) {
            Object value = value(items.item(), item, place.item(index++));
            if (value != null) {
                values.add(value);
            }
        }
        return Collections.unmodifiableList(values);
    }

    private Object entries(Shape.Entries entries, Node node, Place place) {
        if (!(node instanceof MappingNode mapping)) {
            return hole(wrongType(node, place, "a mapping"), place, Map.of());
        }
        Map<String, Object> values = new LinkedHashMap<>();
        distinct(mapping)
                .forEach(
                        (key, entry) -> {
                            Object value =
                                    value(entries.value(), entry.getValueNode(), place.key(key));
                            if (value != null) {
                                values.put(key, value);
                            }
                        });
        return Collections.unmodifiableMap(values);
    }

    private @Nullable Object union(Shape.Union union, Node node, Place place) {
        List<String> keys = union.variants().stream().map(Shape.Variant::key).toList();
        if (!(node instanceof MappingNode mapping)) {
            problems.add(
                    wrongType(node, place, "a mapping with one of " + String.join(", ", keys)));
            holes.add(place.path());
            return null;
        }
        Map<String, NodeTuple> written = distinct(mapping);
        List<Shape.Variant> forms =
                union.variants().stream()
                        .filter(variant -> written.containsKey(variant.key()))
                        .toList();
        if (forms.size() > 1) {
            NodeTuple second =
                    Objects.requireNonNull(written.get(forms.get(1).key()), "written above");
            problems.add(
                    document.mark(
                            ProblemKind.CONFLICT,
                            second.getKeyNode(),
                            "\"%s\" and \"%s\" exclude each other"
                                    .formatted(forms.get(0).key(), forms.get(1).key())));
            holes.add(place.path());
            return null;
        }
        if (forms.isEmpty()) {
            problems.add(noForm(keys, mapping, written, place));
            holes.add(place.path());
            return null;
        }
        Shape.Variant form = forms.getFirst();
        if (form.notYet()) {
            NodeTuple told = Objects.requireNonNull(written.get(form.key()), "written above");
            notYet(document.mark(ProblemKind.NOT_YET, told.getKeyNode(), notBuilt(form.key())));
            notYetDepth++;
        }
        Object value = mapping(form.mapping(), node, place);
        notYetDepth -= form.notYet() ? 1 : 0;
        return value;
    }

    private Problem noForm(
            List<String> keys, MappingNode mapping, Map<String, NodeTuple> written, Place place) {
        for (Map.Entry<String, NodeTuple> entry : written.entrySet()) {
            Optional<String> meant = Spelling.nearest(entry.getKey(), keys);
            if (meant.isPresent()) {
                return document.mark(
                                ProblemKind.UNKNOWN_KEY,
                                entry.getValue().getKeyNode(),
                                "unknown key \"" + entry.getKey() + "\"")
                        .withHelp("did you mean \"" + meant.get() + "\"?");
            }
        }
        return document.mark(
                ProblemKind.MISSING_KEY,
                mapping,
                quoted(place) + " needs one of " + String.join(", ", keys));
    }

    private @Nullable Object mapping(Shape.Mapping shape, Node node, Place place) {
        if (isNull(node) && shape.fields().stream().noneMatch(Shape.Field::required)) {
            return record(
                    shape, shape.fields().stream().map(Instances::absent).toArray(), place, node);
        }
        if (!(node instanceof MappingNode mapping)) {
            problems.add(wrongType(node, place, "a mapping"));
            holes.add(place.path());
            return place.path().isEmpty() ? null : Instances.placeholder(shape);
        }
        Map<String, NodeTuple> written = distinct(mapping);
        Set<String> misspelt = unknownKeys(shape, written, place);
        @Nullable Object[] values = new @Nullable Object[shape.fields().size()];
        for (int index = 0; index < values.length; index++) {
            Shape.Field field = shape.fields().get(index);
            NodeTuple entry = written.get(field.name());
            if (entry != null) {
                values[index] = field(field, entry, place.key(field.name()));
            } else {
                if (misspelt.contains(field.name())) {
                    holes.add(place.key(field.name()).path());
                } else if (field.required()) {
                    missing(field, mapping, place);
                }
                values[index] = Instances.absent(field);
            }
        }
        return record(shape, values, place, node);
    }

    private Object field(Shape.Field field, NodeTuple entry, Place place) {
        if (field.notYet()) {
            notYet(document.mark(ProblemKind.NOT_YET, entry.getKeyNode(), notBuilt(field.name())));
            notYetDepth++;
        }
        Object value = value(field.shape(), entry.getValueNode(), place);
        notYetDepth -= field.notYet() ? 1 : 0;
        if (value == null) {
            return Instances.absent(field);
        }
        bounds(field, value, entry, place);
        return field.optional() ? Optional.of(value) : value;
    }

    private void bounds(Shape.Field field, Object value, NodeTuple entry, Place place) {
        if (holes.contains(place.path())) {
            return;
        }
        if (value instanceof Number number) {
            Key key = field.key();
            boolean low = number.doubleValue() < key.min();
            if (low || number.doubleValue() > key.max()) {
                problems.add(
                        document.mark(
                                ProblemKind.OUT_OF_RANGE,
                                entry.getValueNode(),
                                "%s must be at %s %s, not %s"
                                        .formatted(
                                                quoted(place),
                                                low ? "least" : "most",
                                                number(low ? key.min() : key.max()),
                                                shown(entry.getValueNode()))));
                holes.add(place.path());
            }
        }
        boolean empty =
                (value instanceof List<?> list && list.isEmpty())
                        || (value instanceof Map<?, ?> map && map.isEmpty());
        if (empty && field.key().nonEmpty() && holes.stream().noneMatch(place::isAbove)) {
            problems.add(
                    document.mark(
                            ProblemKind.OUT_OF_RANGE,
                            entry.getKeyNode(),
                            quoted(place) + " must not be empty"));
            holes.add(place.path());
        }
    }

    /** Reports unknown keys; returns the known keys that were meant by them. */
    private Set<String> unknownKeys(
            Shape.Mapping shape, Map<String, NodeTuple> written, Place place) {
        List<String> known = shape.fields().stream().map(Shape.Field::name).toList();
        List<String> free = known.stream().filter(name -> !written.containsKey(name)).toList();
        Set<String> meant = new HashSet<>();
        written.forEach(
                (key, entry) -> {
                    if (known.contains(key)) {
                        return;
                    }
                    Problem problem =
                            document.mark(
                                    ProblemKind.UNKNOWN_KEY,
                                    entry.getKeyNode(),
                                    "unknown key \"" + key + "\"");
                    Optional<String> near = Spelling.nearest(key, free);
                    Optional<Shape.Field> field =
                            shape.fields().stream()
                                    .filter(each -> near.equals(Optional.of(each.name())))
                                    .findFirst();
                    if (field.isPresent() && field.get().notYet()) {
                        problems.add(
                                problem.withHelp(
                                        "did you mean \"%s\"? It is not built yet"
                                                .formatted(field.get().name())));
                        return;
                    }
                    field.filter(meantField -> meant.add(meantField.name()))
                            .ifPresent(meantField -> field(meantField, entry, place.key(key)));
                    problems.add(problem.withHelp(unknownHelp(key, near, known, place)));
                });
        return meant;
    }

    private String unknownHelp(String key, Optional<String> near, List<String> known, Place place) {
        if (near.isPresent()) {
            return "did you mean \"" + near.get() + "\"?";
        }
        Optional<String> given = Spelling.nearest(key, known);
        if (given.isPresent()) {
            return "did you mean \"%s\"? It is given already".formatted(given.get());
        }
        Optional<String> home = Homes.of(whole, key);
        if (home.isPresent()) {
            return "\"%s\" belongs under %s".formatted(key, home.get());
        }
        return "the keys of %s are %s"
                .formatted(
                        place.path().isEmpty() ? "a file" : quoted(place),
                        String.join(", ", known));
    }

    private void missing(Shape.Field field, MappingNode mapping, Place place) {
        String message = "missing key \"%s\"".formatted(field.name());
        Problem problem =
                place.path().isEmpty() || place.path().endsWith("]")
                        ? document.mark(ProblemKind.MISSING_KEY, mapping, message)
                        : document.atKey(ProblemKind.MISSING_KEY, place.path(), message);
        problems.add(
                problem.withHelp(
                        field.key().example().isEmpty()
                                ? field.key().value()
                                : "for example  %s: %s"
                                        .formatted(field.name(), yaml(field.key().example()))));
        holes.add(place.key(field.name()).path());
    }

    /** Text as YAML: braces at its start would begin a mapping. */
    private static String yaml(String text) {
        return text.startsWith("{") || text.startsWith("$") ? "\"" + text + "\"" : text;
    }

    private @Nullable Object record(
            Shape.Mapping shape, @Nullable Object[] values, Place place, Node node) {
        try {
            return Instances.of(shape, values);
        } catch (IllegalArgumentException refused) {
            problems.add(
                    document.mark(
                            ProblemKind.BAD_VALUE,
                            node,
                            Objects.requireNonNullElse(
                                    refused.getMessage(), quoted(place) + " cannot be used")));
            holes.add(place.path());
            return null;
        }
    }

    /** The entries with text keys; of duplicates, which are reported already, the first. */
    private static Map<String, NodeTuple> distinct(MappingNode mapping) {
        Map<String, NodeTuple> entries = new LinkedHashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key) {
                entries.putIfAbsent(key.getValue(), entry);
            }
        }
        return entries;
    }

    private void notYet(Problem problem) {
        if (notYetDepth == 0) {
            problems.add(problem);
        }
    }

    private static String notBuilt(String name) {
        return "\"" + name + "\" is not built yet";
    }

    private Object hole(Problem problem, Place place, Object placeholder) {
        problems.add(problem);
        holes.add(place.path());
        return placeholder;
    }

    private Problem wrongType(Node node, Place place, String noun) {
        if (isNull(node)) {
            return document.at(
                            ProblemKind.WRONG_TYPE, place.path(), quoted(place) + " has no value")
                    .withHelp("it must be " + noun + "; remove the key if it is not needed");
        }
        String message = quoted(place) + " must be " + noun + ", not " + shown(node);
        return node instanceof ScalarNode || !document.has(place.path())
                ? document.mark(ProblemKind.WRONG_TYPE, node, message)
                : document.at(ProblemKind.WRONG_TYPE, place.path(), message);
    }

    private static String quoted(Place place) {
        return place.path().isEmpty() ? place.label() : "\"" + place.label() + "\"";
    }

    private static String shown(Node node) {
        if (node instanceof ScalarNode scalar) {
            String text = scalar.getValue().strip();
            String start = text.length() > 40 ? text.substring(0, 40) + "..." : text;
            return scalar.isPlain() && !node.getTag().equals(Tag.STR) ? start : "\"" + start + "\"";
        }
        return node instanceof SequenceNode ? "a list" : "a mapping";
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
    }

    /** A path, and how a message calls it. */
    private record Place(String path, String label) {

        Place key(String name) {
            return new Place(Document.join(path, name), name);
        }

        boolean isAbove(String other) {
            return other.startsWith(path + ".") || other.startsWith(path + "[");
        }

        Place item(int index) {
            return new Place(path + "[" + index + "]", label + "[" + index + "]");
        }
    }
}
