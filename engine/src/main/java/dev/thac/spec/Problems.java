package dev.thac.spec;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Everything wrong with one or more files, in the order of the files and then of the lines.
 * Immutable.
 *
 * @param all the problems
 */
public record Problems(List<Problem> all) {

    /** No problem. */
    public static final Problems NONE = new Problems(List.of());

    /** Copies the list. */
    public Problems {
        all = List.copyOf(all);
    }

    /**
     * The problems of one file, sorted by place.
     *
     * @param problems in any order
     * @return sorted
     */
    public static Problems sorted(List<Problem> problems) {
        return new Problems(problems.stream().sorted(Problem.BY_PLACE).distinct().toList());
    }

    /**
     * These problems and then others.
     *
     * @param others of another file
     * @return both
     */
    public Problems and(Problems others) {
        return new Problems(Stream.concat(all.stream(), others.all.stream()).toList());
    }

    /**
     * Whether there is none.
     *
     * @return true when the files are right
     */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * All problems as they are shown, with an empty line between two.
     *
     * @return text without a line end at the end; empty when there is no problem
     */
    public String render() {
        return all.stream().map(Problem::render).collect(Collectors.joining("\n\n"));
    }

    /** Returns {@link #render()}. */
    @Override
    public String toString() {
        return render();
    }
}
