package dev.thac.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The figures that are estimates beyond a bound: exact below it, and how wrong above. */
class FigureTest {

    /** 1.04 / sqrt(4096). */
    private static final double STANDARD_ERROR = 0.01625;

    @Test
    void distinctIsExactUpToItsBoundAndRepeatsDoNotCount() {
        DistinctFigure figure = new DistinctFigure();
        for (int pass = 0; pass < 3; pass++) {
            for (int i = 0; i < DistinctFigure.EXACT; i++) {
                figure.add(hash(1, i), input());
            }
        }

        assertThat(figure.result()).isEqualTo((long) DistinctFigure.EXACT);
        assertThat(copy(figure, new DistinctFigure()).result())
                .isEqualTo((long) DistinctFigure.EXACT);
    }

    @Test
    void distinctErrsByItsStandardErrorAtEverySize() {
        for (int size : List.of(300, 1_000, 5_000, 20_000, 100_000)) {
            double squares = 0;
            double worst = 0;
            int runs = 60;
            for (int run = 0; run < runs; run++) {
                DistinctFigure figure = new DistinctFigure();
                for (int i = 0; i < size; i++) {
                    figure.add(hash(run, i), input());
                }
                double error = ((Long) figure.result() - size) / (double) size;
                squares += error * error;
                worst = Math.max(worst, Math.abs(error));
            }

            assertThat(Math.sqrt(squares / runs))
                    .as("standard error at %d", size)
                    .isLessThan(STANDARD_ERROR * 1.25);
            assertThat(worst).as("worst error at %d", size).isLessThan(STANDARD_ERROR * 4);
        }
    }

    @Test
    void distinctOfMergedPartsIsThatOfTheWhole() {
        for (int size : List.of(100, 200, 300, 3_000)) {
            DistinctFigure whole = new DistinctFigure();
            DistinctFigure one = new DistinctFigure();
            DistinctFigure other = new DistinctFigure();
            for (int i = 0; i < size; i++) {
                whole.add(hash(2, i), input());
                (i < size / 3 ? one : other).add(hash(2, i), input());
                if (i % 7 == 0) {
                    one.add(hash(2, i), input());
                }
            }
            DistinctFigure merged = copy(one, new DistinctFigure());
            merged.merge(copy(other, new DistinctFigure()));

            assertThat(merged.result()).as("of %d", size).isEqualTo(whole.result());
        }
    }

    @Test
    void topIsExactUpToItsBoundWhateverTheOrder() {
        Random random = new Random(3);
        TopFigure figure = new TopFigure(3);
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            String value = "v" + (int) Math.abs(random.nextGaussian() * 30);
            figure.add(value, input());
            counts.merge(value, 1L, Long::sum);
        }

        assertThat(counts).hasSizeLessThanOrEqualTo(128);
        assertThat(places(copy(figure, new TopFigure(3)))).isEqualTo(best(counts, 3));
    }

    @Test
    void beyondItsBoundTopKeepsTheFrequentAndNeverCountsTooLow() {
        Random random = new Random(4);
        TopFigure figure = new TopFigure(3);
        Map<String, Long> counts = new HashMap<>();
        int events = 20_000;
        for (int i = 0; i < events; i++) {
            int draw = random.nextInt(100);
            String value =
                    draw < 20
                            ? "a"
                            : draw < 32 ? "b" : draw < 40 ? "c" : "r" + random.nextInt(3_000);
            figure.add(value, input());
            counts.merge(value, 1L, Long::sum);
        }

        Map<String, Long> places = places(figure);
        assertThat(places.keySet()).containsExactly("a", "b", "c");
        places.forEach(
                (value, count) ->
                        assertThat(count)
                                .isBetween(counts.get(value), counts.get(value) + events / 128));
    }

    private static Map<String, Long> best(Map<String, Long> counts, int k) {
        List<Map.Entry<String, Long>> ranked = new ArrayList<>(counts.entrySet());
        ranked.sort(
                Map.Entry.<String, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()));
        Map<String, Long> best = new LinkedHashMap<>();
        ranked.subList(0, k).forEach(entry -> best.put(entry.getKey(), entry.getValue()));
        return best;
    }

    private static Map<String, Long> places(TopFigure figure) {
        Map<String, Long> places = new LinkedHashMap<>();
        for (Object place : (List<?>) figure.result()) {
            Map<?, ?> fields = (Map<?, ?>) place;
            places.put(String.valueOf(fields.get("value")), (Long) fields.get("count"));
        }
        return places;
    }

    /** What the store gives back. */
    private static <F extends Figure> F copy(F figure, F empty) {
        PackedWriter out = new PackedWriter();
        figure.write(out);
        empty.read(new PackedReader(out.done()));
        return empty;
    }

    private static long hash(int seed, int value) {
        return Measure.hash(("user-" + seed + "-" + value).getBytes(StandardCharsets.UTF_8));
    }

    private static Input input() {
        return new Input(0, 0, new Object[0]);
    }
}
