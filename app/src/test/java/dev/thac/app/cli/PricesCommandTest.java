package dev.thac.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.app.CommandRun;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

class PricesCommandTest {

    private static final String[] OWN = {
        "prices", "set", "our-model", "--input", "0.2", "--output", "0.8"
    };

    @TempDir private Path folder;

    @Test
    void anOwnPriceIsKnownFromThenOnAndCanBeReplaced() {
        assertThat(thac().run("prices", "our-model").code()).isEqualTo(1);

        assertThat(thac().run(OWN).code()).isZero();
        assertThat(thac().run("prices", "our-model").out()).contains("our-model", "0.2", "0.8");

        assertThat(thac().run(with("--cache-read", "0.05")).code()).isZero();
        assertThat(thac().run("prices", "our-model").out().lines().filter(this::ours)).hasSize(1);
        assertThat(thac().run("prices", "our-model", "-o", "json").out()).contains("0.05");
    }

    @Test
    void pricesOfOneModelFollowEachOther() {
        thac().run(with("--to", "2026-06-30"));
        assertThat(thac().run(with("--from", "2026-07-01")).code()).isZero();

        assertThat(thac().run("prices", "our-model", "--all").out().lines().filter(this::ours))
                .hasSize(2);
        assertThat(thac().run("prices", "our-model").out().lines().filter(this::ours)).hasSize(1);
    }

    @Test
    void twoPricesForOneDayAreRefusedAndChangeNothing() throws IOException {
        thac().run(with("--from", "2026-01-01"));
        String before = Files.readString(folder.resolve("prices.json"));

        CommandRun.Result refused = thac().run(with("--to", "2026-06-30"));

        assertThat(refused.code()).isNotZero();
        assertThat(refused.err()).contains("our-model");
        assertThat(folder.resolve("prices.json")).hasContent(before);
        assertThat(folder).isDirectoryContaining(file -> file.endsWith("prices.json"));
        assertThat(folder.toFile().list()).hasSize(1);
    }

    @Test
    void anotherBookIsComparedLineByLineAndTakenOverOnlyOnRequest() throws IOException {
        thac().run(OWN);
        Path other = folder.resolve("theirs.json");
        Files.move(folder.resolve("prices.json"), other);
        thac().run("prices", "set", "our-model", "--input", "0.3", "--output", "0.8");

        CommandRun.Result diff = thac().run("prices", "diff", other.toString());
        assertThat(diff.code()).isEqualTo(1);
        assertThat(diff.out().lines().filter(line -> line.startsWith("+ our-model"))).hasSize(1);
        assertThat(diff.out().lines().filter(line -> line.startsWith("- our-model"))).hasSize(1);

        CommandRun.Result there = thac().run("prices", "import", other.toString());
        assertThat(there.code()).isEqualTo(1);
        assertThat(there.err()).contains("is there already").contains("--force");

        assertThat(thac().run("prices", "import", other.toString(), "--force").code()).isZero();
        assertThat(folder.resolve("prices.json")).hasSameTextualContentAs(other);
        assertThat(thac().run("prices", "our-model").out()).contains("0.2");
    }

    @Test
    void whatIsNoPriceBookIsRefusedByName() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"schema\":\"other\"}");

        for (String command : new String[] {"diff", "import"}) {
            CommandRun.Result refused = thac().run("prices", command, broken.toString());
            assertThat(refused.code()).isNotZero();
            assertThat(refused.err()).contains("broken.json");
        }
        assertThat(folder.resolve("prices.json")).doesNotExist();
    }

    @Test
    void aBookThatCannotBeTakenOverLeavesNothingBehind(@TempDir Path elsewhere) throws IOException {
        thac().run(OWN);
        Path book = elsewhere.resolve("book.json");
        Files.move(folder.resolve("prices.json"), book);
        Files.createDirectories(folder.resolve("prices.json").resolve("in the way"));

        CommandRun.Result result = thac().run("prices", "import", book.toString(), "--force");

        assertThat(result.code()).isEqualTo(1);
        assertThat(folder.toFile().list()).containsExactly("prices.json");
    }

    private CommandRun thac() {
        return CommandRun.here().in(folder);
    }

    private boolean ours(String line) {
        return line.contains("our-model");
    }

    private static String[] with(String... more) {
        String[] all = Arrays.copyOf(OWN, OWN.length + more.length);
        System.arraycopy(more, 0, all, OWN.length, more.length);
        return all;
    }
}
