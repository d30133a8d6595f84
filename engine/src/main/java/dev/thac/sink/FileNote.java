package dev.thac.sink;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a commit of a file sink says about the files of its partition, in the commit's metadata:
 * {@code file/1 run=RUN first=OFFSET length=BYTES}.
 *
 * @param run counts from 1; a group that begins anew, because its commits are gone or the topic is
 *     another, begins a run of its own and leaves the files of earlier ones alone
 * @param first the offset of the first record that the current file may hold, which names it
 * @param length its length that counts; what stands behind it is no part of it
 */
record FileNote(int run, long first, long length) {

    private static final Pattern FORM =
            Pattern.compile("file/1 run=(\\d{1,9}) first=(\\d{1,18}) length=(\\d{1,18})");

    /** Reads what a commit says; empty where it is not ours. */
    static Optional<FileNote> parse(String metadata) {
        Matcher matcher = FORM.matcher(metadata);
        return matcher.matches()
                ? Optional.of(
                        new FileNote(
                                Integer.parseInt(matcher.group(1)),
                                Long.parseLong(matcher.group(2)),
                                Long.parseLong(matcher.group(3))))
                : Optional.empty();
    }

    /** As it is committed. */
    @Override
    public String toString() {
        return "file/1 run=" + run + " first=" + first + " length=" + length;
    }
}
