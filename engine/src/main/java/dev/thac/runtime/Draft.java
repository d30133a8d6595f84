package dev.thac.runtime;

import dev.thac.spec.Document;
import dev.thac.spec.Problem;
import dev.thac.spec.ProblemKind;
import dev.thac.spec.Reading;
import dev.thac.spec.SpecReader;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file that was read and still has to be checked.
 *
 * @param <T> the spec record
 * @param document where everything stands; empty when the file could not be read
 * @param reading the spec with stand-ins, and the problems found by reading
 */
record Draft<T extends Record>(Optional<Document> document, Reading<T> reading) {

    /**
     * Reads a file.
     *
     * @param <T> the spec record
     * @param file the file; messages name it as it is given here
     * @param type the spec record
     * @return the draft; a file that cannot be read is a problem
     */
    static <T extends Record> Draft<T> of(Path file, Class<T> type) {
        try {
            Document document = Document.parse(file.toString(), Files.readString(file));
            return new Draft<>(Optional.of(document), SpecReader.read(document, type));
        } catch (NoSuchFileException _) {
            return unreadable(file, "there is no such file");
        } catch (CharacterCodingException _) {
            return unreadable(file, "the file is not UTF-8 text");
        } catch (IOException wrong) {
            return unreadable(file, "the file cannot be read: " + wrong);
        }
    }

    private static <T extends Record> Draft<T> unreadable(Path file, String message) {
        Problem problem = Problem.ofFile(ProblemKind.UNREADABLE, file.toString(), message);
        return new Draft<>(
                Optional.empty(), new Reading<>(Optional.empty(), Set.of(), List.of(problem)));
    }
}
