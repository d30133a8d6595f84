package dev.thac.spec;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What came out of reading a file.
 *
 * <p>The spec may be there although there are problems: then the places named by {@code holes} hold
 * stand-ins, so that later checks can look at the rest and all problems are shown at once. It must
 * only be run when there is no problem.
 *
 * @param <T> the spec record
 * @param spec the spec; empty when the file is not a mapping
 * @param holes paths whose value is missing or could not be read
 * @param problems what is wrong, in the order of the file
 */
public record Reading<T extends Record>(
        Optional<T> spec, Set<String> holes, List<Problem> problems) {

    /** Copies the collections. */
    public Reading {
        holes = Set.copyOf(holes);
        problems = List.copyOf(problems);
    }

    /**
     * Whether everything at and under a path was read.
     *
     * @param path such as {@code analyses.review.tiers}; empty for the whole file
     * @return true when no stand-in is there
     */
    public boolean intact(String path) {
        return holes.stream()
                .noneMatch(
                        hole ->
                                path.isEmpty()
                                        || hole.equals(path)
                                        || hole.startsWith(path + ".")
                                        || hole.startsWith(path + "["));
    }

    /**
     * Whether a list was read item by item, so that its indices are those of the file; the items
     * themselves may hold stand-ins.
     *
     * @param path such as {@code analyses.review.tiers}
     * @return true when no item was left out
     */
    public boolean aligned(String path) {
        return holes.stream()
                .noneMatch(
                        hole ->
                                hole.equals(path)
                                        || (hole.startsWith(path + "[")
                                                && hole.indexOf(']', path.length())
                                                        == hole.length() - 1));
    }
}
