package dev.thac.app.trial;

import dev.thac.app.terminal.Json;
import dev.thac.enrich.EnrichSpec;
import dev.thac.enrich.Lookup;
import dev.thac.enrich.LookupSources;
import dev.thac.spec.Tree;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Lookups that find what a test file says, and nothing else: no database and no service is needed.
 * Thread-safe.
 */
final class GivenLookups implements LookupSources {

    private final List<LookupAnswerSpec> answers;

    GivenLookups(List<LookupAnswerSpec> answers) {
        this.answers = List.copyOf(answers);
    }

    @Override
    public Lookup open(String name, EnrichSpec spec) {
        List<LookupAnswerSpec> own =
                answers.stream().filter(answer -> answer.lookup().equals(name)).toList();
        return new Given(own, List.copyOf(spec.with().keySet()));
    }

    /** Answers one lookup. */
    private record Given(List<LookupAnswerSpec> answers, List<String> parameters)
            implements Lookup {

        @Override
        public Optional<Object> find(List<@Nullable Object> key) {
            return answers.stream()
                    .filter(answer -> fits(answer, key))
                    .findFirst()
                    .flatMap(answer -> answer.found().map(Tree::value));
        }

        @Override
        public Semaphore places() {
            return new Semaphore(Integer.MAX_VALUE);
        }

        @Override
        public boolean local() {
            return true;
        }

        private boolean fits(LookupAnswerSpec answer, List<@Nullable Object> key) {
            if (answer.url().isPresent()) {
                return answer.url().get().equals(key.getFirst());
            }
            for (int i = 0; i < parameters.size(); i++) {
                Tree wanted = answer.with().get(parameters.get(i));
                if (wanted == null || !Json.equal(wanted.value(), key.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }
}
