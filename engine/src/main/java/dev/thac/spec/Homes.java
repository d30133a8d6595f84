package dev.thac.spec;

import java.util.Optional;

/** Finds where in a file a key belongs. Stateless. */
final class Homes {

    private Homes() {}

    /**
     * The first place, nearest to the root, that has a key.
     *
     * @param whole the shape of the file
     * @param key a key found elsewhere
     * @return the path of its mapping, with {@code *} for names the user chooses
     */
    static Optional<String> of(Shape.Mapping whole, String key) {
        for (int depth = 0; depth < 8; depth++) {
            Optional<String> home = search("", whole, key, depth);
            if (home.isPresent()) {
                return home;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> search(String path, Shape shape, String key, int depth) {
        return switch (shape) {
            case Shape.Mapping mapping -> mapping(path, mapping, key, depth);
            case Shape.Items items -> search(path, items.item(), key, depth);
            case Shape.Entries entries -> search(path + ".*", entries.value(), key, depth);
            case Shape.Union union ->
                    union.variants().stream()
                            .map(variant -> mapping(path, variant.mapping(), key, depth))
                            .flatMap(Optional::stream)
                            .findFirst();
            case Shape.Single _, Shape.Choice _, Shape.Anything _ -> Optional.empty();
        };
    }

    private static Optional<String> mapping(
            String path, Shape.Mapping mapping, String key, int depth) {
        if (depth == 0) {
            boolean here =
                    mapping.fields().stream()
                            .anyMatch(field -> !field.notYet() && field.name().equals(key));
            if (!here) {
                return Optional.empty();
            }
            return Optional.of(path.isEmpty() ? "the top of the file" : "\"" + path + "\"");
        }
        return mapping.fields().stream()
                .filter(field -> !field.notYet())
                .map(
                        field ->
                                search(
                                        Document.join(path, field.name()),
                                        field.shape(),
                                        key,
                                        depth - 1))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
