package dev.thac.cascade;

import dev.thac.batch.Ticket;
import dev.thac.cost.SpendBook;
import dev.thac.cost.Terms;
import dev.thac.model.Model;
import dev.thac.model.ModelRequest;
import dev.thac.resilience.Ticker;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Where the calls of one model tier are paid for: every call is split over the events that shared
 * it, to the last nano-dollar, and entered in the book once. Thread-safe.
 */
final class Till {

    private final Model model;
    private final SpendBook.Tier book;
    private final Ticker ticker;

    Till(Model model, SpendBook.Tier book, Ticker ticker) {
        this.model = model;
        this.book = book;
        this.ticker = ticker;
    }

    /** A reply about these events. */
    SpendBook.Call paid(Model.Paid paid, List<Ticket<Question, Reply>> payers) {
        SpendBook.Call call = enter(paid, payers);
        for (int i = 0; i < payers.size(); i++) {
            payers.get(i).item().account().call(paid, i, payers.size());
        }
        return call;
    }

    /** Who asks about these events: pays for the other calls made for them, too. */
    Model.Asker asker(List<Ticket<Question, Reply>> payers, BooleanSupplier abandoned) {
        return new Model.Asker() {
            @Override
            public boolean abandoned() {
                return abandoned.getAsBoolean();
            }

            @Override
            public void paid(Model.Paid paid) {
                SpendBook.Call _ = enter(paid, payers);
                for (int i = 0; i < payers.size(); i++) {
                    payers.get(i).item().account().beside(paid, i, payers.size());
                }
            }

            @Override
            public void unanswered(String asked, Instant at) {
                book.unanswered(asked, at);
            }
        };
    }

    /** A call had so many usable answers. */
    void usable(SpendBook.Call call, ModelRequest request, Prompt prompt, int answers) {
        if (answers > 1) {
            book.shared(call, answers - 1, prompt.shared(request));
        }
    }

    /** The tier decided an event. */
    void settled(Account account) {
        book.settled(id(account), ticker.now(), account.paid());
    }

    /** An event's way ended here without an answer. */
    void failed(Account account) {
        book.failed(id(account), ticker.now());
    }

    /** The model that answered last: a fallback's answers are not the tier's own. */
    private String id(Account account) {
        return account.answeredById().orElseGet(model::id);
    }

    private SpendBook.Call enter(Model.Paid paid, List<Ticket<Question, Reply>> payers) {
        int entered = 0;
        int asked = 0;
        for (Ticket<Question, Reply> payer : payers) {
            Account account = payer.item().account();
            entered += account.paid() ? 0 : 1;
            asked += account.paidAt(model.name()) ? 0 : 1;
            account.paysAt(model.name());
        }
        SpendBook.Call call =
                new SpendBook.Call(
                        paid.terms()
                                .orElseGet(
                                        () ->
                                                new Terms(
                                                        model.id(),
                                                        ticker.now(),
                                                        Optional.empty())),
                        paid.reply().usage(),
                        paid.cost());
        book.paid(call, new SpendBook.Payers(entered, asked));
        return call;
    }
}
