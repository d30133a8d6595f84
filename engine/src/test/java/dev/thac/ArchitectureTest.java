package dev.thac;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The walls of the house: layers, cycles, who may import which library, shapes and names. */
class ArchitectureTest {

    private static final JavaClasses ENGINE =
            new ClassFileImporter().importPath(Path.of("target/classes"));

    /** Lowest first. A package imports only packages of lower layers, save the listed pairs. */
    private static final List<List<String>> LAYERS =
            List.of(
                    List.of("event", "meter", "spec"),
                    List.of("resilience", "cost", "batch", "database", "webhook"),
                    List.of(
                            "decode",
                            "filter",
                            "expression",
                            "redact",
                            "enrich",
                            "model",
                            "learn",
                            "cascade",
                            "function",
                            "route",
                            "recover"),
                    List.of("pipeline"),
                    List.of("kafka", "window", "sink", "observe", "plan"),
                    List.of("runtime"));

    private static final Map<String, Set<String>> SAME_LAYER =
            Map.of(
                    "spec", Set.of("event"),
                    "meter", Set.of("event"),
                    "batch", Set.of("resilience"),
                    "webhook", Set.of("resilience"),
                    "cascade", Set.of("model", "expression", "learn", "redact"),
                    "enrich", Set.of("expression"),
                    "redact", Set.of("expression"),
                    "route", Set.of("expression", "decode"));

    /** Third-party package prefix to the packages of ours that may import it. */
    private static final Map<String, Set<String>> LIBRARIES =
            Map.ofEntries(
                    Map.entry("org.apache.kafka.streams..", Set.of("window")),
                    Map.entry("org.apache.kafka..", Set.of("kafka", "window", "sink")),
                    Map.entry("com.zaxxer..", Set.of("database")),
                    Map.entry(
                            "com.fasterxml.jackson..",
                            Set.of("spec", "event", "cost", "decode", "model", "route")),
                    Map.entry("org.snakeyaml..", Set.of("spec")),
                    Map.entry("com.google.re2j..", Set.of("expression", "redact")),
                    Map.entry("dev.cel..", Set.of("expression")),
                    Map.entry("io.micrometer..", Set.of("meter")),
                    Map.entry("io.prometheus..", Set.of("meter")),
                    Map.entry("com.networknt..", Set.of("model")),
                    Map.entry("com.github.benmanes..", Set.of("cascade", "enrich")),
                    Map.entry("com.knuddels..", Set.of("model", "plan")),
                    Map.entry("java.net.http..", Set.of("model", "function", "enrich", "webhook")));

    @Test
    void packagesImportOnlyLowerLayers() {
        for (int layer = 0; layer < LAYERS.size(); layer++) {
            for (String name : LAYERS.get(layer)) {
                Set<String> allowed = SAME_LAYER.getOrDefault(name, Set.of());
                String[] forbidden =
                        Stream.concat(
                                        LAYERS.get(layer).stream()
                                                .filter(
                                                        other ->
                                                                !other.equals(name)
                                                                        && !allowed.contains(
                                                                                other)),
                                        LAYERS.subList(layer + 1, LAYERS.size()).stream()
                                                .flatMap(List::stream))
                                .map(other -> "dev.thac." + other + "..")
                                .toArray(String[]::new);
                if (forbidden.length > 0) {
                    noClasses()
                            .that()
                            .resideInAPackage("dev.thac." + name + "..")
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(forbidden)
                            .allowEmptyShould(true)
                            .check(ENGINE);
                }
            }
        }
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("dev.thac.(*)..").should().beFreeOfCycles().check(ENGINE);
        slices().matching("dev.thac.(**)").should().beFreeOfCycles().check(ENGINE);
    }

    @Test
    void everyPackageHasALayer() {
        Set<String> known =
                LAYERS.stream().flatMap(List::stream).collect(java.util.stream.Collectors.toSet());

        assertThat(ENGINE.stream().map(type -> type.getPackageName().split("\\.")[2]))
                .allMatch(known::contains);
    }

    @Test
    void oneLibraryIsImportedByItsPackagesOnly() {
        LIBRARIES.forEach(
                (library, ours) ->
                        noClasses()
                                .that(DescribedPredicate.not(inAnyOf(ours)))
                                .should()
                                .dependOnClassesThat(resideInAPackage(library))
                                .check(ENGINE));
    }

    @Test
    void stagesReadNoClockAndStartNoThread() {
        String[] stages =
                Stream.concat(LAYERS.get(2).stream(), LAYERS.get(3).stream())
                        .map(name -> "dev.thac." + name + "..")
                        .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAnyPackage(stages)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callConstructor(Thread.class, Runnable.class)
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(java.util.concurrent.Executors.class)
                .check(ENGINE);
    }

    @Test
    void signaturesCarryNoFutures() {
        methods()
                .that()
                .arePublic()
                .should()
                .notHaveRawReturnType(CompletableFuture.class)
                .check(ENGINE);
    }

    @Test
    void typesAreFinalSealedOrInterfaces() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotAnonymousClasses()
                .should(beClosed())
                .check(ENGINE);
    }

    @Test
    void namesAreNouns() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Helper|Util|Utils|Impl|Base)(\\$.*)?")
                .orShould()
                .haveNameMatching(".*\\.(Abstract|Common)[A-Z].*")
                .check(ENGINE);
    }

    @Test
    void everyPackageIsNullMarkedAndDescribed() throws IOException {
        Path root = Path.of("src/main/java");
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> folders =
                    files.filter(file -> file.toString().endsWith(".java"))
                            .map(Path::getParent)
                            .distinct()
                            .toList();
            for (Path folder : folders) {
                assertThat(Files.readString(folder.resolve("package-info.java")))
                        .as("%s", folder)
                        .startsWith("/**")
                        .contains("@NullMarked");
            }
        }
    }

    private static DescribedPredicate<JavaClass> inAnyOf(Set<String> names) {
        return DescribedPredicate.describe(
                "in " + names,
                type ->
                        names.stream()
                                .anyMatch(
                                        name ->
                                                (type.getPackageName() + ".")
                                                        .startsWith("dev.thac." + name + ".")));
    }

    private static ArchCondition<JavaClass> beClosed() {
        return new ArchCondition<>("be final, a record, an enum or sealed") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean closed =
                        type.getModifiers().contains(JavaModifier.FINAL)
                                || type.reflect().isSealed()
                                || type.isEnum()
                                || Arrays.asList(type.reflect().getEnclosingClass()).stream()
                                        .anyMatch(outer -> outer != null && outer.isEnum());
                if (!closed) {
                    events.add(
                            SimpleConditionEvent.violated(
                                    type, type.getName() + " can be extended by anyone"));
                }
            }
        };
    }
}
