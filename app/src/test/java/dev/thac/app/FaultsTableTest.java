package dev.thac.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The table of faults names tests; they must be there, and run when it says. */
class FaultsTableTest {

    private static final Path ROOT = Path.of(System.getProperty("thac.root", ".."));
    private static final Pattern ROW = Pattern.compile("^\\| (G?)(\\d+) \\|");
    private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`( \\(faults\\))?");
    private static final String TAG = "@Tag(\"faults\")";

    @Test
    void everyFaultAndEveryGuardHasItsRow() throws IOException {
        List<String> rows = new ArrayList<>();
        for (String line : table()) {
            Matcher row = ROW.matcher(line);
            if (row.find()) {
                rows.add(row.group(1) + row.group(2));
            }
        }

        assertThat(rows)
                .containsExactlyElementsOf(
                        Stream.concat(
                                        IntStream.rangeClosed(1, 50).mapToObj(String::valueOf),
                                        IntStream.rangeClosed(1, 23).mapToObj(each -> "G" + each))
                                .toList());
    }

    @Test
    void everyTestItNamesExistsAndRunsWhenItSays() throws IOException {
        Map<String, String> sources = testSources();
        List<String> wrong = new ArrayList<>();

        for (String line : table()) {
            Matcher named = NAMED.matcher(line);
            while (named.find()) {
                String source = sources.getOrDefault(named.group(1), "");
                int method = source.indexOf("void " + named.group(2) + "(");
                if (method < 0) {
                    wrong.add(named.group() + " does not exist");
                } else if (tagged(source, method) != (named.group(3) != null)) {
                    wrong.add(named.group() + ": the tag says otherwise");
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    /** Whether the annotations before the method, or before its class, have the tag. */
    private static boolean tagged(String source, int method) {
        String before = source.substring(0, method);
        String own = before.substring(before.lastIndexOf("\n\n") + 1);
        String type = source.substring(0, Math.max(0, source.indexOf("\nclass ")));
        return own.contains(TAG) || type.contains(TAG);
    }

    private static List<String> table() throws IOException {
        return Files.readAllLines(ROOT.resolve("docs/reference/faults.md"));
    }

    private static Map<String, String> testSources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String module : List.of("engine", "app", "testkit", "bench")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    String name = file.getFileName().toString().replace(".java", "");
                    sources.put(name, Files.readString(file));
                }
            }
        }
        return sources;
    }
}
