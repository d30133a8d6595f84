package dev.thac.window;

import dev.thac.spec.CelText;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the parts of a group are called in outputs. */
final class GroupNames {

    private static final Pattern PATH = Pattern.compile("[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*");

    private GroupNames() {}

    /** The last member of a path; the whole expression where it is no path or the name is taken. */
    static List<String> of(List<CelText> by) {
        List<String> shortest = by.stream().map(cel -> last(cel.text())).toList();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < by.size(); i++) {
            boolean unique = Collections.frequency(shortest, shortest.get(i)) == 1;
            names.add(unique ? shortest.get(i) : by.get(i).text().strip());
        }
        return List.copyOf(names);
    }

    private static String last(String text) {
        Matcher path = PATH.matcher(text.strip());
        return path.matches()
                ? text.strip().substring(text.strip().lastIndexOf('.') + 1)
                : text.strip();
    }
}
