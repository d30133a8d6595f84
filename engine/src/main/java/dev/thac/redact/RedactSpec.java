package dev.thac.redact;

import dev.thac.spec.Key;

import java.util.List;
import java.util.Map;

/** Personal data kept from models. The keys are described by their {@link Key} annotations. */
public record RedactSpec(
        @Key(
                        "Built-in detectors: email; phone (Vietnamese numbers, and any with + and a"
                            + " country code); card (by the ranges of the card schemes and the"
                            + " check digit); national-id (12 digits as they are given out since"
                            + " 2012; 9 digits that begin with 0 or follow a word such as CMND)."
                            + " They look at texts; at numbers only the one for cards does.")
                List<RedactKind> kinds,
        @Key(
                        value =
                                "Name to regular expression, for more that is found in texts. In"
                                        + " RE2's syntax: no backreferences and no look-around, so"
                                        + " that the time is linear in the text, whatever the"
                                        + " expression and whoever writes the text.",
                        example = "{ account: \"\\\\b[0-9]{9,14}\\\\b\" }")
                Map<String, String> custom,
        @Key(
                        "Paths replaced as a whole, for example value.phone, also where objects"
                            + " that hold them are rendered, in every element of a list, and in the"
                            + " earlier events of context. Their texts of 4 to 200 characters are"
                            + " also replaced wherever else they stand as whole words.")
                List<String> fields) {}
