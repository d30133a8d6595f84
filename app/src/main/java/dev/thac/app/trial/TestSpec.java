package dev.thac.app.trial;

import dev.thac.spec.Key;
import dev.thac.spec.Tree;

import java.util.List;
import java.util.Optional;

/** One test. The keys are described by their {@link Key} annotations. */
public record TestSpec(
        @Key("What is tested, as a sentence.") String name,
        @Key("The value of the event. Exactly one of event, events and record is needed.")
                Optional<Tree> event,
        @Key("Values of several events, which may share model calls.") List<Tree> events,
        @Key("A record with key, headers or a value that is no JSON.") Optional<RecordSpec> record,
        @Key("What must come of it.") ExpectSpec expect) {}
