package dev.thac.cost;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/**
 * One row of a price book: the price of a model on some days.
 *
 * @param id the provider's model id
 * @param provider who sells it; may be empty
 * @param from the first day on which it holds; empty: since ever
 * @param last the last day on which it holds, whole; empty: no end is known
 * @param zone whose midnight begins these days
 * @param retired whether the provider has taken the model away: its last price stays
 * @param price what it costs on those days
 * @param sourceDate the day on which the price was seen
 * @param confidence how sure it is, for example {@code official} or {@code reported}; may be empty
 */
public record PriceEntry(
        String id,
        String provider,
        Optional<LocalDate> from,
        Optional<LocalDate> last,
        ZoneId zone,
        boolean retired,
        Price price,
        Optional<LocalDate> sourceDate,
        String confidence) {

    /**
     * Whether it holds.
     *
     * @param at when
     * @return true on its days
     */
    public boolean holds(Instant at) {
        LocalDate day = LocalDate.ofInstant(at, zone);
        return from.filter(day::isBefore).isEmpty() && last.filter(day::isAfter).isEmpty();
    }

    /** Whether both say what the same model costs on the same day. */
    boolean contradicts(PriceEntry other) {
        return id.equals(other.id) && !before(other) && !other.before(this);
    }

    private boolean before(PriceEntry other) {
        return last.isPresent() && other.from.isPresent() && last.get().isBefore(other.from.get());
    }
}
