package dev.thac.spec;

import dev.thac.event.Money;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes {@link Shape}s from spec records by reflection. Stateless. */
final class Shapes {

    private static final Map<Class<?>, Scalar> SCALARS =
            Map.ofEntries(
                    Map.entry(String.class, Scalar.TEXT),
                    Map.entry(int.class, Scalar.INTEGER),
                    Map.entry(Integer.class, Scalar.INTEGER),
                    Map.entry(double.class, Scalar.NUMBER),
                    Map.entry(Double.class, Scalar.NUMBER),
                    Map.entry(boolean.class, Scalar.BOOLEAN),
                    Map.entry(Boolean.class, Scalar.BOOLEAN),
                    Map.entry(Duration.class, Scalar.DURATION),
                    Map.entry(Delay.class, Scalar.DELAY),
                    Map.entry(DataSize.class, Scalar.SIZE),
                    Map.entry(Money.class, Scalar.MONEY),
                    Map.entry(Rate.class, Scalar.RATE),
                    Map.entry(Share.class, Scalar.SHARE),
                    Map.entry(CelText.class, Scalar.CEL),
                    Map.entry(TemplateText.class, Scalar.TEMPLATE),
                    Map.entry(Secret.class, Scalar.SECRET));

    private Shapes() {}

    /**
     * The shape of a spec record.
     *
     * @param type a record whose components carry {@link Key}
     * @return its shape
     * @throws IllegalArgumentException when the record is no spec record: a defect of ours
     */
    static Shape.Mapping of(Class<? extends Record> type) {
        List<Shape.Field> fields = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            fields.add(field(type, component));
        }
        return new Shape.Mapping(type, fields);
    }

    private static Shape.Field field(Class<?> owner, RecordComponent component) {
        Key key = component.getAnnotation(Key.class);
        if (key == null) {
            throw new IllegalArgumentException(owner + "." + component.getName() + " has no @Key");
        }
        Type type = component.getGenericType();
        boolean optional = component.getType() == Optional.class;
        return new Shape.Field(
                key.name().isEmpty() ? component.getName() : key.name(),
                shape(optional ? argument(type, 0) : type),
                optional,
                component.isAnnotationPresent(NotYet.class),
                key);
    }

    private static Shape shape(Type type) {
        if (type instanceof ParameterizedType generic) {
            if (generic.getRawType() == List.class) {
                return new Shape.Items(shape(argument(generic, 0)));
            }
            if (generic.getRawType() == Map.class && argument(generic, 0) == String.class) {
                return new Shape.Entries(shape(argument(generic, 1)));
            }
        }
        if (!(type instanceof Class<?> raw)) {
            throw new IllegalArgumentException("no spec type: " + type);
        }
        Scalar scalar = SCALARS.get(raw);
        if (scalar != null) {
            return new Shape.Single(scalar);
        }
        if (raw == Tree.class) {
            return new Shape.Anything();
        }
        if (raw.isEnum()) {
            return choice(raw);
        }
        return raw.isSealed() ? union(raw) : of(raw.asSubclass(Record.class));
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private static Shape.Choice choice(Class<?> type) {
        return new Shape.Choice(
                Arrays.stream(type.getFields())
                        .filter(constant -> constant.isEnumConstant())
                        .map(
                                constant ->
                                        new Shape.Option(
                                                word(constant.getName()),
                                                constantOf(type, constant.getName()),
                                                constant.isAnnotationPresent(NotYet.class)))
                        .toList());
    }

    private static Object constantOf(Class<?> type, String name) {
        for (@Nullable Object constant : type.getEnumConstants()) {
            if (constant instanceof Enum<?> known && known.name().equals(name)) {
                return known;
            }
        }
        throw new IllegalArgumentException(type + " has no " + name);
    }

    private static Shape.Union union(Class<?> type) {
        return new Shape.Union(
                Arrays.stream(type.getPermittedSubclasses()).map(Shapes::variant).toList());
    }

    private static Shape.Variant variant(Class<?> form) {
        Form told = form.getAnnotation(Form.class);
        if (told == null) {
            throw new IllegalArgumentException(form + " has no @Form");
        }
        return new Shape.Variant(
                told.value(),
                of(form.asSubclass(Record.class)),
                form.isAnnotationPresent(NotYet.class));
    }

    /** The spelling of an enum constant in files. */
    static String word(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
