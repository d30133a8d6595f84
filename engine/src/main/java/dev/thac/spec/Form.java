package dev.thac.spec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record as one form of a sealed spec interface: a mapping has this form when it has the
 * key named here. Exactly one of the forms must fit.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Form {

    /**
     * The key that tells the form.
     *
     * @return a component name of the record
     */
    String value();
}
