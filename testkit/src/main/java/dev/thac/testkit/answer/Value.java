package dev.thac.testkit.answer;

import java.util.List;

/** How one property of an answer is decided and written as JSON; immutable, thread-safe. */
sealed interface Value
        permits Value.Constant,
                Value.Flag,
                Value.Level,
                Value.Many,
                Value.Nested,
                Value.Phrase,
                Choice {

    /**
     * Appends the JSON value.
     *
     * @param judged what is known of the item; learns how certain the value is
     */
    void write(Judged judged, StringBuilder out);

    /** Always the same JSON. */
    record Constant(String json) implements Value {

        @Override
        public void write(Judged judged, StringBuilder out) {
            out.append(json);
        }
    }

    /**
     * A boolean.
     *
     * @param concepts true when the text mentions one of these
     * @param pole true when the text leans that way; NaN when the name names none
     * @param attention whether the property asks whether someone must act
     */
    record Flag(List<Integer> concepts, double pole, boolean attention) implements Value {

        public Flag {
            concepts = List.copyOf(concepts);
        }

        @Override
        public void write(Judged judged, StringBuilder out) {
            out.append(holds(judged));
        }

        private boolean holds(Judged judged) {
            if (attention) {
                return judged.urgent();
            }
            if (!Double.isNaN(pole) && pole != 0) {
                return judged.polarity() == (int) pole;
            }
            for (int concept : concepts) {
                if (Judged.RISK_CONCEPTS.contains(concept)
                        ? judged.risk() > 0.5
                        : judged.hits(concept) > 0) {
                    return true;
                }
            }
            return false;
        }
    }

    /** What a number measures. */
    enum Measure {
        /** How good: stars, score, rating. */
        SCORE,
        /** How sure the model is. */
        CONFIDENCE,
        /** How dangerous or abusive. */
        RISK,
        /** How pressing. */
        URGENCY,
        /** How many words. */
        COUNT
    }

    /**
     * A number.
     *
     * @param whole whether it is an integer
     */
    record Level(Measure measure, double min, double max, boolean whole) implements Value {

        @Override
        public void write(Judged judged, StringBuilder out) {
            double share =
                    switch (measure) {
                        case SCORE -> (judged.stars() - 1) / 4.0;
                        case CONFIDENCE -> judged.confidence();
                        case RISK -> judged.risk();
                        case URGENCY -> judged.urgency();
                        case COUNT -> 0;
                    };
            double value =
                    measure == Measure.COUNT
                            ? Math.clamp(judged.words(), min, max)
                            : min + share * (max - min);
            if (measure == Measure.SCORE) {
                judged.leanOnSentiment();
            }
            if (whole) {
                out.append(Math.clamp(Math.round(value), (long) Math.ceil(min), (long) max));
            } else {
                out.append(Math.round(value * 100) / 100.0);
            }
        }
    }

    /**
     * A list.
     *
     * @param item what a single element would be
     */
    record Many(Value item, int minItems, int maxItems) implements Value {

        @Override
        public void write(Judged judged, StringBuilder out) {
            out.append('[');
            if (item instanceof Choice choice) {
                int written = 0;
                List<String> chosen = choice.several(judged, minItems);
                for (String option : chosen) {
                    if (written < maxItems) {
                        out.append(written++ == 0 ? "" : ",").append(option);
                    }
                }
            } else if (item instanceof Phrase phrase && phrase.kind() == Phrase.Kind.TOPIC) {
                int written = 0;
                for (String topic : judged.topics()) {
                    if (written < maxItems) {
                        out.append(written++ == 0 ? "" : ",");
                        Json.quote(topic, out);
                    }
                }
            } else {
                for (int i = 0; i < minItems; i++) {
                    out.append(i == 0 ? "" : ",");
                    item.write(judged, out);
                }
            }
            out.append(']');
        }
    }

    /** An object within the answer. */
    record Nested(List<AnswerSchema.Property> properties) implements Value {

        public Nested {
            properties = List.copyOf(properties);
        }

        @Override
        public void write(Judged judged, StringBuilder out) {
            out.append('{');
            AnswerSchema.write(properties, judged, out);
            out.append('}');
        }
    }

    /**
     * Free text.
     *
     * @param language forced by the property's description, else the input's
     */
    record Phrase(Kind kind, int maxLength, Language language) implements Value {

        /** What the text is about. */
        enum Kind {
            SUMMARY,
            LANGUAGE,
            SENTIMENT,
            TOPIC
        }

        /** Which language it is written in. */
        enum Language {
            VIETNAMESE,
            ENGLISH,
            OF_INPUT
        }

        @Override
        public void write(Judged judged, StringBuilder out) {
            boolean vietnamese =
                    language == Language.OF_INPUT
                            ? judged.vietnamese()
                            : language == Language.VIETNAMESE;
            String text =
                    switch (kind) {
                        case SUMMARY -> judged.summary(vietnamese);
                        case LANGUAGE -> judged.vietnamese() ? "vi" : "en";
                        case SENTIMENT ->
                                judged.polarity() > 0
                                        ? "positive"
                                        : judged.polarity() < 0 ? "negative" : "neutral";
                        case TOPIC -> judged.topics().isEmpty() ? "other" : judged.topics().get(0);
                    };
            Json.quote(text.length() > maxLength ? text.substring(0, maxLength) : text, out);
        }
    }
}
