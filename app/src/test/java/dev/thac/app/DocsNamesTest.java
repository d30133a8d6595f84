package dev.thac.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Documents that name code rot; so every type and path they name in code font must exist. */
class DocsNamesTest {

    private static final Path ROOT = Path.of(System.getProperty("thac.root", ".."));
    private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern TYPE = Pattern.compile("([A-Z]\\w*)(?:\\.\\w+(?:\\(\\))?)?");
    private static final Pattern PATH =
            Pattern.compile(
                    "(?:\\./)?((?:engine|app|testkit|bench|docs|examples|etc|\\.ci)/[\\w./-]*)");
    private static final Pattern DECLARATION =
            Pattern.compile("\\b(?:class|record|interface|enum)\\s+([A-Z]\\w*)");

    /** Names of the field or of other products that look like types of ours. */
    private static final Set<String> NOT_OURS =
            Set.of("KafkaConsumer", "KafkaProducer", "HttpClient", "LogAppendTime");

    @Test
    void everyTypeNamedInTheDocumentsExists() throws IOException {
        Set<String> types = typesOfTheSources();
        List<String> missing = new ArrayList<>();

        for (Path document : documents()) {
            Matcher code = CODE.matcher(Files.readString(document));
            while (code.find()) {
                Matcher type = TYPE.matcher(code.group(1));
                if (type.matches()
                        && looksLikeAType(document, type.group(1))
                        && !known(types, type.group(1))) {
                    missing.add(ROOT.relativize(document) + " names " + code.group(1));
                }
            }
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void everyPathNamedInTheDocumentsExists() throws IOException {
        List<String> missing = new ArrayList<>();

        for (Path document : documents()) {
            Matcher code = CODE.matcher(Files.readString(document));
            while (code.find()) {
                Matcher path = PATH.matcher(code.group(1));
                if (path.matches()
                        && !path.group(1).contains("/target/")
                        && !Files.exists(ROOT.resolve(path.group(1)))) {
                    missing.add(ROOT.relativize(document) + " names " + code.group(1));
                }
            }
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void theArchitecturePageFitsTwoPages() throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve("ARCHITECTURE.md"))).hasSizeLessThan(110);
    }

    /** On the two pages about the code a single capitalised word is a type's name too. */
    private static boolean looksLikeAType(Path document, String name) {
        String page = document.getFileName().toString();
        long capitals = name.chars().filter(Character::isUpperCase).count();
        boolean aboutCode = page.equals("ARCHITECTURE.md") || page.equals("CONTRIBUTING.md");
        return name.chars().anyMatch(Character::isLowerCase) && capitals > (aboutCode ? 0 : 1);
    }

    private static boolean known(Set<String> types, String name) {
        return NOT_OURS.contains(name)
                || types.contains(name)
                || (name.endsWith("s") && types.contains(name.substring(0, name.length() - 1)));
    }

    private static Set<String> typesOfTheSources() throws IOException {
        Set<String> types = new TreeSet<>();
        for (String module : List.of("engine", "app", "testkit", "bench")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    Matcher declaration = DECLARATION.matcher(Files.readString(file));
                    while (declaration.find()) {
                        types.add(declaration.group(1));
                    }
                }
            }
        }
        return types;
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (String page :
                List.of("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")) {
            if (Files.exists(ROOT.resolve(page))) {
                documents.add(ROOT.resolve(page));
            }
        }
        try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
            files.filter(path -> path.toString().endsWith(".md")).forEach(documents::add);
        }
        return documents;
    }
}
