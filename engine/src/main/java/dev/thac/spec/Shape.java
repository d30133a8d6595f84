package dev.thac.spec;

import java.util.List;
import java.util.Optional;

/**
 * What may stand at one place of a file, taken from the Java type it is read into. The reader, the
 * JSON Schema and the reference manual are three walks over this one description.
 */
sealed interface Shape {

    /** A single value. */
    record Single(Scalar scalar) implements Shape {}

    /** One of a few words. */
    record Choice(List<Option> options) implements Shape {
        public Choice {
            options = List.copyOf(options);
        }
    }

    /** A list. */
    record Items(Shape item) implements Shape {}

    /** A mapping with keys the user chooses, in the order of the file. */
    record Entries(Shape value) implements Shape {}

    /** Anything; another specification says what. */
    record Anything() implements Shape {}

    /** A mapping with known keys. */
    record Mapping(Class<? extends Record> type, List<Field> fields) implements Shape {
        public Mapping {
            fields = List.copyOf(fields);
        }
    }

    /** A mapping that has one of several forms. */
    record Union(List<Variant> variants) implements Shape {
        public Union {
            variants = List.copyOf(variants);
        }
    }

    /** One word of a choice. */
    record Option(String word, Object constant, boolean notYet) {}

    /** One form of a union, told by a key. */
    record Variant(String key, Mapping mapping, boolean notYet) {}

    /**
     * One key of a mapping.
     *
     * @param name the key
     * @param shape what may stand there
     * @param optional whether its record component is an {@code Optional}
     * @param notYet whether its part is not built yet
     * @param key everything else that is known about it
     */
    record Field(String name, Shape shape, boolean optional, boolean notYet, Key key) {

        /** The default in the file's own spelling. */
        Optional<String> orElse() {
            return key.orElse().isEmpty() ? Optional.empty() : Optional.of(key.orElse());
        }

        /** Whether a file must have the key. */
        boolean required() {
            boolean collection = shape instanceof Items || shape instanceof Entries;
            return !optional && key.orElse().isEmpty() && (!collection || key.nonEmpty());
        }
    }
}
