package dev.thac.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The reviews of UIT-ViSFD, which are free for research and so stay outside the repository.
 *
 * @param id names it
 * @param text what the customer wrote
 * @param rating one to five stars
 */
record RealReview(String id, String text, int rating) {

    private static final String FILE = "vi_reviews_visfd/visfd.csv.gz";

    /** The file: under {@code -Dthac.data}, or beside the checkout; empty where it is not. */
    static Optional<Path> file() {
        Path root = Path.of(System.getProperty("thac.root", "..")).toAbsolutePath().normalize();
        Path data =
                Optional.ofNullable(System.getProperty("thac.data"))
                        .map(Path::of)
                        .orElseGet(() -> root.resolveSibling("shared").resolve("data"));
        return Optional.of(data.resolve(FILE)).filter(Files::isRegularFile);
    }

    /** All reviews, in the file's order; an id is the split and the index within it. */
    static List<RealReview> read(Path file) {
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(
                                new GZIPInputStream(Files.newInputStream(file)),
                                StandardCharsets.UTF_8))) {
            List<String> names = row(in);
            int split = names.indexOf("split");
            int index = names.indexOf("index");
            int comment = names.indexOf("comment");
            int stars = names.indexOf("n_star");
            List<RealReview> reviews = new ArrayList<>();
            for (List<String> row = row(in); !row.isEmpty(); row = row(in)) {
                reviews.add(
                        new RealReview(
                                row.get(split) + "-" + row.get(index),
                                row.get(comment),
                                Integer.parseInt(row.get(stars))));
            }
            return reviews;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One row as RFC 4180 has it; empty at the end. */
    private static List<String> row(BufferedReader in) throws IOException {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        int next = in.read();
        if (next < 0) {
            return cells;
        }
        for (; next >= 0 && (quoted || next != '\n'); next = in.read()) {
            if (next == '"') {
                in.mark(1);
                if (quoted && in.read() == '"') {
                    cell.append('"');
                } else {
                    if (quoted) {
                        in.reset();
                    }
                    quoted = !quoted;
                }
            } else if (next == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else if (quoted || next != '\r') {
                cell.append((char) next);
            }
        }
        cells.add(cell.toString());
        return cells;
    }
}
