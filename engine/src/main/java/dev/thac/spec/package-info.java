/**
 * YAML files to records, with every problem found at its line and column, and the JSON Schema made
 * from the same records.
 */
@NullMarked
package dev.thac.spec;

import org.jspecify.annotations.NullMarked;
