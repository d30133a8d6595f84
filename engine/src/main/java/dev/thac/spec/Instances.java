package dev.thac.spec;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes spec records, and what stands in for missing parts of them. Stateless. */
final class Instances {

    private Instances() {}

    /**
     * A record.
     *
     * @param shape its shape
     * @param values its components in order
     * @return the record
     * @throws IllegalArgumentException when the record refuses the values
     */
    static Object of(Shape.Mapping shape, @Nullable Object[] values) {
        Class<?>[] types =
                Arrays.stream(shape.type().getRecordComponents())
                        .map(RecordComponent::getType)
                        .toArray(Class<?>[]::new);
        try {
            Constructor<? extends Record> constructor = shape.type().getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            throw new IllegalArgumentException(
                    refused.getTargetException().getMessage(), refused.getTargetException());
        } catch (ReflectiveOperationException broken) {
            throw new IllegalStateException(shape.type() + " is no spec record", broken);
        }
    }

    /** The value of a key that is not written: empty, the default, or a stand-in. */
    static Object absent(Shape.Field field) {
        if (field.optional()) {
            return Optional.empty();
        }
        return field.orElse()
                .map(text -> SpecReader.value(field.shape(), field.name(), text))
                .orElseGet(() -> placeholder(field.shape()));
    }

    /** Stands in for a value that could not be read, until all problems are found. */
    static Object placeholder(Shape shape) {
        return switch (shape) {
            case Shape.Single single -> single.scalar().placeholder();
            case Shape.Choice choice -> choice.options().getFirst().constant();
            case Shape.Items _ -> List.of();
            case Shape.Entries _ -> Map.of();
            case Shape.Anything _ -> new Tree(null);
            case Shape.Mapping mapping ->
                    of(
                            mapping,
                            mapping.fields().stream()
                                    .map(Instances::absent)
                                    .toArray(Object[]::new));
            case Shape.Union union -> placeholder(union.variants().getFirst().mapping());
        };
    }
}
