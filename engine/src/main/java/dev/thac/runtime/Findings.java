package dev.thac.runtime;

import dev.thac.spec.Document;
import dev.thac.spec.Problem;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Reading;

import java.util.ArrayList;
import java.util.List;

/** Where the checks of one file look up places and put what they find. Used by one thread. */
final class Findings {

    private final Document document;
    private final Reading<?> reading;
    private final List<Problem> found = new ArrayList<>();

    /**
     * Nothing found yet.
     *
     * @param document where everything stands
     * @param reading what was read; its stand-ins are not checked
     */
    Findings(Document document, Reading<?> reading) {
        this.document = document;
        this.reading = reading;
    }

    /** Whether everything at and under each of the paths was read. */
    boolean intact(String... paths) {
        for (String path : paths) {
            if (!reading.intact(path)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a list or mapping was read entry by entry; the entries may hold stand-ins. */
    boolean aligned(String path) {
        return reading.aligned(path);
    }

    /** Whether a key stands in the file. */
    boolean written(String path) {
        return document.has(path);
    }

    /** Reports a value. */
    void at(ProblemKind kind, String path, String message, String help) {
        add(document.at(kind, path, message), help);
    }

    /** Reports a key. */
    void atKey(ProblemKind kind, String path, String message, String help) {
        add(document.atKey(kind, path, message), help);
    }

    /** Reports a part of a text value. */
    void inside(ProblemKind kind, String path, Part part, String message, String help) {
        add(document.inside(kind, path, part.offset(), part.length(), message), help);
    }

    /** A part of a text value; a negative offset means the whole value. */
    record Part(int offset, int length) {}

    /** What was found, in no order. */
    List<Problem> all() {
        return List.copyOf(found);
    }

    private void add(Problem problem, String help) {
        found.add(help.isEmpty() ? problem : problem.withHelp(help));
    }
}
