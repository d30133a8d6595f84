package dev.thac.cascade;

import dev.thac.event.Delivery;
import dev.thac.event.RecordId;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers answers in memory, for good. */
final class RememberedAnswers implements Answers {

    final Map<Asked, Answer> kept = new ConcurrentHashMap<>();
    final AtomicInteger searches = new AtomicInteger();
    final List<RecordId> settled = new CopyOnWriteArrayList<>();

    @Override
    public Optional<Answer> find(Asked asked) {
        searches.incrementAndGet();
        return Optional.ofNullable(kept.get(asked));
    }

    @Override
    public void keep(Asked asked, Answer answer) {
        kept.put(asked, answer);
    }

    @Override
    public void settled(Delivery event) {
        settled.add(event.id());
    }
}
