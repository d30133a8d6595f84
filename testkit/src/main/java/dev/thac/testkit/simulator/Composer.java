package dev.thac.testkit.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.thac.testkit.answer.AnswerSchema;
import dev.thac.testkit.answer.HeuristicAnswers;
import dev.thac.testkit.answer.RecordedAnswers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Puts the model's text together: recorded or heuristic answers, spoilt by a fault if one is due.
 */
final class Composer {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int ORDINAL_NEVER_ASKED = 1_000_001;

    private final HeuristicAnswers heuristic;
    private final Optional<RecordedAnswers> recorded;
    private final OnMiss onMiss;
    private final Bill bill;

    Composer(
            HeuristicAnswers heuristic,
            Optional<RecordedAnswers> recorded,
            OnMiss onMiss,
            Bill bill) {
        this.heuristic = heuristic;
        this.recorded = recorded;
        this.onMiss = onMiss;
        this.bill = bill;
    }

    /**
     * What the model says to a request.
     *
     * @param items found in the request
     * @throws RefusedException if an item is not recorded and that is an error
     */
    String text(CallRequest request, List<Items.Item> items, Optional<Fault> fault)
            throws RefusedException {
        if (request.schema().isEmpty()) {
            StringBuilder sentences = new StringBuilder();
            for (Items.Item item : items) {
                sentences.append(sentences.isEmpty() ? "" : "\n");
                sentences.append(heuristic.sentence(request.model(), item.input()));
            }
            return sentences.toString();
        }
        AnswerSchema schema = request.schema().get();
        if (!schema.itemised()) {
            String input = items.size() == 1 ? items.getFirst().input() : request.content();
            return "{" + properties(schema, request.model(), new Items.Item("1", input)) + "}";
        }
        List<String> answers = new ArrayList<>(items.size() + 1);
        for (Items.Item item : items) {
            answers.add(
                    "{\"i\":"
                            + item.ordinal()
                            + ","
                            + properties(schema, request.model(), item)
                            + "}");
        }
        fault.ifPresent(present -> spoil(answers, present));
        StringBuilder text = new StringBuilder(answers.size() * 160 + 16);
        text.append("{\"items\":[");
        for (int i = 0; i < answers.size(); i++) {
            text.append(i == 0 ? "" : ",").append(answers.get(i));
        }
        return text.append("]}").toString();
    }

    private String properties(AnswerSchema schema, String model, Items.Item item)
            throws RefusedException {
        if (recorded.isEmpty()) {
            return heuristic.properties(schema, model, item.input());
        }
        Optional<RecordedAnswers.Answer> found = recorded.get().find(model, item.input());
        bill.looked(found.isPresent() ? 1 : 0, found.isPresent() ? 0 : 1);
        if (found.isPresent()) {
            return heuristic.properties(schema, model, item.input(), found.get());
        }
        if (onMiss == OnMiss.ERROR) {
            throw new RefusedException(
                    Refusal.invalid("no recorded answer for item " + item.ordinal())
                            .as("not-recorded"));
        }
        return heuristic.properties(schema, model, item.input());
    }

    private static void spoil(List<String> answers, Fault fault) {
        int middle = answers.size() / 2;
        switch (fault) {
            case MISSING -> answers.remove(middle);
            case DUPLICATE -> answers.add(answers.get(middle));
            case FOREIGN ->
                    answers.add(
                            edited(
                                    answers.get(middle),
                                    node -> node.put("i", ORDINAL_NEVER_ASKED)));
            case SCHEMA -> answers.set(middle, edited(answers.get(middle), Composer::nullify));
            case SHUFFLE -> Collections.reverse(answers);
            default -> {
                // The other faults spoil the text or the response as a whole.
            }
        }
    }

    private interface Edit {
        void apply(ObjectNode node);
    }

    private static String edited(String answer, Edit edit) {
        try {
            JsonNode node = MAPPER.readTree(answer);
            edit.apply((ObjectNode) node);
            return node.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the simulator wrote an answer that is no JSON", e);
        }
    }

    private static void nullify(ObjectNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        names.remove("i");
        names.forEach(node::putNull);
    }
}
