package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitNoteTest {

    @Test
    void aMapSaysWhichEventsBeyondTheOffsetAreFinished() {
        String metadata = new OffsetMap(0, 10, 1, 12, 15, 20, 21).encode();

        CommitNote note = CommitNote.of(metadata, 10);

        assertThat(note.kind()).isEqualTo(CommitNote.Kind.MAP);
        assertThat(note.finishedBeyond()).isEqualTo(4);
        assertThat(note.finished(9)).isTrue();
        assertThat(note.finished(10)).isFalse();
        assertThat(note.finished(14)).isTrue();
        assertThat(note.finished(15)).isFalse();
        assertThat(note.finished(20)).isTrue();
        assertThat(note.finished(21)).isFalse();
    }

    @Test
    void whatALaneWouldDiscardSaysNothing() {
        String metadata = new OffsetMap(0, 10, 1, 12, 15).encode();

        CommitNote none = CommitNote.of("", 10);
        CommitNote moved = CommitNote.of(metadata, 5);
        CommitNote theirs = CommitNote.of("of another program", 10);

        assertThat(none.kind()).isEqualTo(CommitNote.Kind.NONE);
        assertThat(none.finished(12)).isFalse();
        assertThat(moved.kind()).isEqualTo(CommitNote.Kind.FOREIGN);
        assertThat(moved.finished(12)).isFalse();
        assertThat(theirs.kind()).isEqualTo(CommitNote.Kind.FOREIGN);
        assertThat(theirs.finishedBeyond()).isZero();
    }
}
