package dev.thac.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one key of a file: a component of a spec record. The name of the component is the key.
 * The reader, the JSON Schema and the reference manual are all made from it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {

    /**
     * What the key means, one or two sentences for the manual: unit, what happens when it is left
     * out.
     *
     * @return plain text
     */
    String value();

    /**
     * The key in the file, where it cannot be the component's name.
     *
     * @return the key; empty for the component's name
     */
    String name() default "";

    /**
     * The default in the file's own spelling, for example {@code 5s}; empty where there is none. A
     * component that is neither {@code Optional}, nor a collection, nor has a default is required.
     *
     * @return the default
     */
    String orElse() default "";

    /**
     * A realistic value for the manual.
     *
     * @return an example in the file's own spelling
     */
    String example() default "";

    /**
     * Smallest number allowed.
     *
     * @return the bound
     */
    double min() default Double.NEGATIVE_INFINITY;

    /**
     * Largest number allowed.
     *
     * @return the bound
     */
    double max() default Double.POSITIVE_INFINITY;

    /**
     * Whether at least one entry is needed (lists and maps).
     *
     * @return true when empty is refused
     */
    boolean nonEmpty() default false;
}
