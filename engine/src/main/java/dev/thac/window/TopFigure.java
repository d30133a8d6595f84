package dev.thac.window;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The most frequent values. Counts are exact as long as a window has no more different values than
 * the bound, which is 8 k and at least 128; beyond it, Space-Saving (Metwally et al., 2005): the
 * rarest value gives its place and its count to the newcomer, so that a count is too high by at
 * most the number of events over the bound.
 */
final class TopFigure implements Figure {

    private static final int PER_PLACE = 8;
    private static final int LEAST = 128;

    private final int k;
    private final int bound;
    private final Map<String, Long> counts = new HashMap<>();

    TopFigure(int k) {
        this.k = k;
        this.bound = Math.max(LEAST, PER_PLACE * k);
    }

    @Override
    public void add(@Nullable Object value, Input input) {
        if (value != null) {
            offer(value.toString(), 1);
        }
    }

    @Override
    public void merge(Figure other) {
        ((TopFigure) other).counts.forEach(this::offer);
    }

    private void offer(String value, long more) {
        if (counts.size() < bound || counts.containsKey(value)) {
            counts.merge(value, more, Long::sum);
            return;
        }
        Map.Entry<String, Long> rarest = ranked().getLast();
        counts.remove(rarest.getKey());
        counts.put(value, rarest.getValue() + more);
    }

    /** The most frequent first; of the same count, by the value. */
    private List<Map.Entry<String, Long>> ranked() {
        List<Map.Entry<String, Long>> ranked = new ArrayList<>(counts.entrySet());
        ranked.sort(
                Map.Entry.<String, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()));
        return ranked;
    }

    @Override
    public Object result() {
        List<Object> top = new ArrayList<>();
        for (Map.Entry<String, Long> entry : ranked()) {
            if (top.size() == k) {
                break;
            }
            Map<String, Object> place = new LinkedHashMap<>();
            place.put("value", entry.getKey());
            place.put("count", entry.getValue());
            top.add(place);
        }
        return top;
    }

    @Override
    public void write(PackedWriter out) {
        out.number(counts.size());
        counts.forEach((value, count) -> out.text(value).number(count));
    }

    @Override
    public void read(PackedReader in) {
        int size = in.count();
        for (int i = 0; i < size; i++) {
            String value = in.text();
            counts.put(value, in.number());
        }
    }
}
