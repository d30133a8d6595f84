package dev.thac.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DocumentTest {

    private static final Document DOCUMENT =
            Document.parse(
                    "a.yaml",
                    """
                    plain: one two
                    single: 'it''s two'
                    double: "a\\tb two"
                    block: |
                      first two
                        second two
                    folded: >
                      first
                      two
                    list:
                      - { name: x }
                      - name: two
                    settings:
                      max.poll.records: 5
                    """);

    private static String place(String path, String text, String part) {
        Problem problem =
                DOCUMENT.inside(
                        ProblemKind.BAD_EXPRESSION,
                        path,
                        text.lastIndexOf(part),
                        part.length(),
                        "");
        return problem.line() + ":" + problem.column() + " " + problem.width();
    }

    @Test
    void aPartOfATextIsFoundInEveryStyle() {
        assertThat(place("plain", "one two", "two")).isEqualTo("1:12 3");
        assertThat(place("single", "it's two", "two")).isEqualTo("2:16 3");
        assertThat(place("double", "a\tb two", "two")).isEqualTo("3:15 3");
        assertThat(place("block", "first two\n  second two\n", "two")).isEqualTo("6:12 3");
        assertThat(place("block", "first two", "two")).isEqualTo("5:9 3");
    }

    @Test
    void aPartOfAFoldedTextIsTheWholeText() {
        assertThat(place("folded", "first two\n", "two")).isEqualTo("7:9 1");
    }

    @Test
    void everyPathHasItsPlace() {
        assertThat(DOCUMENT.at(ProblemKind.BAD_VALUE, "list[1].name", "").line()).isEqualTo(12);
        assertThat(DOCUMENT.atKey(ProblemKind.BAD_VALUE, "list[0].name", "").column()).isEqualTo(7);
        assertThat(DOCUMENT.at(ProblemKind.BAD_VALUE, "settings.max.poll.records", "").column())
                .isEqualTo(21);
    }

    @Test
    void aPathThatIsNotWrittenPointsAtItsNearestParent() {
        assertThat(DOCUMENT.at(ProblemKind.BAD_VALUE, "list[1].name.deeper[3]", "").line())
                .isEqualTo(12);
        assertThat(DOCUMENT.at(ProblemKind.BAD_VALUE, "nothing", "").line()).isEqualTo(1);
    }

    @Test
    void aProblemShowsItsLineWithCarets() {
        Problem problem =
                DOCUMENT.inside(ProblemKind.BAD_EXPRESSION, "plain", 4, 3, "no two")
                        .withHelp("write three");

        assertThat(problem.render())
                .isEqualTo(
                        """
                        error: no two
                          --> a.yaml:1:12
                            1 | plain: one two
                              |            ^^^
                          help: write three\
                        """);
    }

    @Test
    void caretsStandUnderDecomposedDiacritics() {
        Document document = Document.parse("a.yaml", "key: [ha\u0300ng, tot\u0302t]\n");

        assertThat(document.at(ProblemKind.BAD_VALUE, "key[1]", "").render())
                .endsWith("|             ^^^^^");
    }
}
