package dev.thac.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A pipeline file of {@code examples/}, changed for a test as a user would change it: by editing
 * its text.
 *
 * @param name what tells its topics, group and pipeline from those of other tests; before a dot in
 *     front of each of these names
 * @param text the file
 */
record Example(String name, String text) {

    private static final Pattern NAMES =
            Pattern.compile("\\b(topic|to|group|deadLetter|pipeline): (?=[a-z])");

    /** The file as it is shipped, but with its names moved aside. */
    static Example of(String folder, String name) {
        Path root = Path.of(System.getProperty("thac.root", ".."));
        Path file = root.resolve("examples").resolve(folder).resolve("pipeline.yaml");
        try {
            String text = Files.readString(file);
            return new Example(name, NAMES.matcher(text).replaceAll("$1: " + name + "."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with one piece of text replaced, everywhere; it must be there. */
    Example with(String old, String replacement) {
        if (!text.contains(old)) {
            throw new IllegalArgumentException("the example has no \"" + old + "\":\n" + text);
        }
        return new Example(name, text.replace(old, replacement));
    }

    /** The same without answer caches, for tests that write a text again and count calls. */
    Example uncached() {
        String none = text.replaceAll("\n    cache: .*", "");
        return new Example(name, none)
                .with("\n    tiers:\n", "\n    cache: { mode: off }\n    tiers:\n");
    }

    /** The same with lines added at the end. */
    Example and(String lines) {
        return new Example(name, text + "\n" + lines + "\n");
    }

    /** What a topic of the shipped file is called here. */
    String topic(String shipped) {
        return name + "." + shipped;
    }
}
