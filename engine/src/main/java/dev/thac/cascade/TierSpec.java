package dev.thac.cascade;

import dev.thac.batch.BatchSpec;
import dev.thac.spec.Form;
import dev.thac.spec.Key;
import dev.thac.spec.NotYet;

import java.util.List;
import java.util.Optional;

/** One step of the cascade. The keys are described by their {@link Key} annotations. */
public sealed interface TierSpec {

    /** Free rules; the first whose condition holds answers. */
    @Form("rules")
    record Rules(
            @Key(
                            value = "Rules in order; the first whose condition holds answers.",
                            nonEmpty = true)
                    List<RuleSpec> rules)
            implements TierSpec {}

    /** A local tier trained from the answers bought so far. */
    @NotYet
    @Form("learned")
    record Learned(
            @Key("The local tier learned from the answers bought so far.") LearnedSpec learned)
            implements TierSpec {}

    /** A language model. */
    @Form("model")
    record Model(
            @Key("A model named under models, here or in thac.yaml.") String model,
            @Key("When its answer is sure enough. Left out: always; so it must be the last tier.")
                    Optional<AcceptSpec> accept,
            @Key("Several events in one call. Left out: one event a call.")
                    Optional<BatchSpec> batch)
            implements TierSpec {}
}
