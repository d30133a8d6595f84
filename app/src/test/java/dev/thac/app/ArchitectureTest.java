package dev.thac.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

/** The walls of the application. */
class ArchitectureTest {

    private static final JavaClasses APP =
            new ClassFileImporter().importPath(Path.of("target/classes"));

    @Test
    void packagesFormNoCycles() {
        slices().matching("dev.thac.app.(*)..").should().beFreeOfCycles().check(APP);
    }

    @Test
    void onlyCommandsKnowTheCommandLineLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.thac.app.cli..", "dev.thac.app.terminal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(APP);
    }

    @Test
    void whatIsShownKnowsNoCommand() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.thac.app.cli..", "dev.thac.app")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.thac.app.cli..")
                .check(APP);
    }

    @Test
    void checkingAndShowingFilesLoadsNoKafkaClient() {
        noClasses()
                .that()
                .haveSimpleName("CheckCommand")
                .or()
                .haveSimpleName("GenerateSchemaCommand")
                .or()
                .resideInAPackage("dev.thac.app.trial..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(APP);
    }

    @Test
    void typesAreFinalSealedOrInterfaces() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotAnonymousClasses()
                .should(beClosed())
                .check(APP);
    }

    private static ArchCondition<JavaClass> beClosed() {
        return new ArchCondition<>("be final, a record, an enum or sealed") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean closed =
                        type.getModifiers().contains(JavaModifier.FINAL)
                                || type.reflect().isSealed()
                                || type.isEnum();
                if (!closed) {
                    events.add(
                            SimpleConditionEvent.violated(
                                    type, type.getName() + " can be extended by anyone"));
                }
            }
        };
    }
}
