package dev.thac.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class EventTest {

    /** Against copies, as one would write it without thinking. */
    @Test
    void derivedMembersAreAddedAndWinAsIfAllWereCopied() {
        Random random = new Random(3);
        for (int round = 0; round < 500; round++) {
            Map<String, Object> plain = members(random);
            Event event = new Event(delivery(), new LinkedHashMap<>(plain));
            boolean replacing = false;
            for (int step = 0; step < 4; step++) {
                Map<String, Object> more = members(random);
                replacing |= more.keySet().stream().anyMatch(plain::containsKey);
                plain.putAll(more);
                event = event.withDerived(more);
            }

            assertThat(event.value()).isEqualTo(plain).hasSameHashCodeAs(plain);
            assertThat(event.replacing()).isEqualTo(replacing);
            Map<?, ?> value = (Map<?, ?>) event.value();
            List<Object> names = new ArrayList<>();
            value.forEach((name, _) -> names.add(name));
            assertThat(names).containsExactlyElementsOf(plain.keySet());
            assertThat(value).hasSize(plain.size());
            for (String name : List.of("a", "b", "c", "d", "e")) {
                assertThat(value.get(name)).isEqualTo(plain.get(name));
                assertThat(value.containsKey(name)).isEqualTo(plain.containsKey(name));
            }
            assertThat(new JsonWriter().value(value)).hasToString(json(plain));
        }
    }

    @Test
    void aTreeThatIsWrittenOnceIsTheSameTreeAndTheSameText() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", "Áo \"thun\"");
        row.put("nothing", null);
        row.put("sizes", List.of(1L, 2L));
        Object written = WrittenMap.of(row);

        assertThat(written).isEqualTo(row).hasSameHashCodeAs(row).isNotSameAs(row);
        assertThat(json(Map.of("row", List.of(written, written))))
                .isEqualTo(json(Map.of("row", List.of(row, row))));
        assertThat(WrittenMap.of("text")).isEqualTo("text");
    }

    private static String json(Object tree) {
        return new JsonWriter().value(tree).toString();
    }

    private static Map<String, Object> members(Random random) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            members.put(
                    List.of("a", "b", "c", "d").get(random.nextInt(4)),
                    random.nextInt(5) == 0 ? null : (Object) random.nextLong(9));
        }
        return members;
    }

    private static Delivery delivery() {
        return new Delivery(new RecordId("t", 0, 0), 0, null, new byte[0], List.of());
    }
}
