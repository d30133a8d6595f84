package dev.thac.app.budget;

import dev.thac.app.terminal.Json;
import dev.thac.event.Money;
import dev.thac.kafka.LedgerTopic;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * The release of what dead holders of a budget have taken, but for what they last said they had
 * spent or had in flight.
 *
 * @param holders the dead ones that have something to release
 * @param changes lease to what is left of it
 */
public record BudgetReset(
        List<BudgetView.Holder> holders, Map<LedgerFigures.Lease, Money> changes) {

    /** Copies the collections. */
    public BudgetReset {
        holders = List.copyOf(holders);
        changes = Map.copyOf(changes);
    }

    /**
     * What could be released of a budget.
     *
     * @param view the budget
     * @return the release, not done yet
     */
    public static BudgetReset of(BudgetView view) {
        List<BudgetView.Holder> dead = new ArrayList<>();
        Map<LedgerFigures.Lease, Money> changes = new LinkedHashMap<>();
        for (BudgetView.Holder holder : view.holders()) {
            if (holder.life() == BudgetView.Life.DEAD) {
                Map<LedgerFigures.Lease, Money> lesser = lesser(holder);
                if (!lesser.isEmpty()) {
                    dead.add(holder);
                    changes.putAll(lesser);
                }
            }
        }
        return new BudgetReset(dead, changes);
    }

    /**
     * The holder's leases that become smaller, so that together they are what it may have spent.
     */
    private static Map<LedgerFigures.Lease, Money> lesser(BudgetView.Holder holder) {
        Map<LedgerFigures.Lease, Money> lesser = new LinkedHashMap<>();
        long keep = holder.spent().plus(holder.open()).nanos();
        for (LedgerFigures.Lease lease : holder.leases()) {
            long amount = Math.min(keep, lease.amount().nanos());
            keep -= amount;
            if (amount < lease.amount().nanos()) {
                lesser.put(lease, new Money(amount));
            }
        }
        return lesser;
    }

    /**
     * What it releases.
     *
     * @return the sum
     */
    public Money released() {
        long released = 0;
        for (Map.Entry<LedgerFigures.Lease, Money> change : changes.entrySet()) {
            released += change.getKey().amount().nanos() - change.getValue().nanos();
        }
        return new Money(released);
    }

    /**
     * Writes the smaller leases, and waits until the brokers have them.
     *
     * @param producer sends them
     * @throws InterruptedException when the calling thread is interrupted
     */
    public void execute(Producer<byte[], byte[]> producer) throws InterruptedException {
        for (Map.Entry<LedgerFigures.Lease, Money> change : changes.entrySet()) {
            Map<Object, Object> value = new LinkedHashMap<>(change.getKey().value());
            value.put("amount", change.getValue().nanos());
            value.put("at", Instant.now().toString());
            try {
                producer.send(
                                new ProducerRecord<>(
                                        LedgerTopic.NAME,
                                        0,
                                        change.getKey().key().getBytes(StandardCharsets.UTF_8),
                                        Json.line(value).getBytes(StandardCharsets.UTF_8)))
                        .get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof KafkaException refused
                        ? refused
                        : new KafkaException(e.getCause());
            }
        }
    }
}
