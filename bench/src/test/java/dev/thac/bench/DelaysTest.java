package dev.thac.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DelaysTest {

    @Test
    void quantilesCountEvents() {
        int[] counts = new int[100];
        counts[10] = 98;
        counts[50] = 1;
        counts[70] = 1;

        assertThat(Delays.of(counts, 5)).isEqualTo(new Delays(5, 100, 10, 50, 70));
    }

    @Test
    void oneEventIsEveryQuantile() {
        int[] counts = new int[100];
        counts[42] = 1;

        assertThat(Delays.of(counts, 1)).isEqualTo(new Delays(1, 1, 42, 42, 42));
    }
}
