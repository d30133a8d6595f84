package dev.thac.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thac.event.ErrorCode;
import dev.thac.event.Finding;
import dev.thac.event.ThacException;
import dev.thac.runtime.PipelineRuntime;
import dev.thac.runtime.PipelineState;
import dev.thac.runtime.RuntimeSettings;
import dev.thac.testkit.broker.SecuredKafka;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Users and rights that go and come back while a pipeline runs. */
class SecurityIT {

    private static SecuredKafka kafka;

    private final Stage stage = new Stage(kafka.open());
    private final String user = "app-" + stage.name;

    @BeforeAll
    static void startKafka() {
        kafka = SecuredKafka.start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void allowAll() {
        stage.topics(1)
                .at(
                        RuntimeSettings.of(kafka.bootstrapServers())
                                .withKafka(SecuredKafka.signIn(user)));
        kafka.addUser(user);
        kafka.allow(user, ResourceType.TOPIC, stage.in, AclOperation.READ);
        kafka.allow(user, ResourceType.TOPIC, stage.out, AclOperation.WRITE);
        kafka.allow(user, ResourceType.TOPIC, stage.dlq, AclOperation.WRITE);
        kafka.allow(user, ResourceType.TOPIC, stage.name, AclOperation.DESCRIBE_CONFIGS);
        kafka.allow(user, ResourceType.GROUP, stage.name, AclOperation.READ, AclOperation.DELETE);
        kafka.allow(
                user,
                ResourceType.TRANSACTIONAL_ID,
                stage.name,
                AclOperation.WRITE,
                AclOperation.DESCRIBE);
    }

    @AfterEach
    void stop() throws InterruptedException {
        kafka.addUser(user);
        stage.close();
    }

    @Test
    void theRightsThatAreAskedForAreEnough() throws InterruptedException {
        stage.write("e", 10);

        PipelineRuntime pipeline = stage.start("a");

        Stage.awaitSettled(pipeline, 10);
        assertThat(pipeline.warnings()).isEmpty();
    }

    @Test
    void theStartNamesEveryRightThatIsMissing() {
        kafka.revoke(user, ResourceType.TOPIC, stage.out, AclOperation.WRITE);
        kafka.revoke(user, ResourceType.GROUP, stage.name, AclOperation.READ);
        kafka.revoke(
                user,
                ResourceType.TRANSACTIONAL_ID,
                stage.name,
                AclOperation.WRITE,
                AclOperation.DESCRIBE);

        await().atMost(Stage.PATIENCE)
                .untilAsserted(
                        () ->
                                assertThatThrownBy(() -> stage.start("a"))
                                        .isInstanceOfSatisfying(
                                                ThacException.class,
                                                e ->
                                                        assertThat(e.code())
                                                                .isEqualTo(ErrorCode.KAFKA_DENIED))
                                        .hasMessageContaining("--allow-principal User:" + user)
                                        .hasMessageContaining(
                                                "--operation Write --operation Describe"
                                                        + " --transactional-id "
                                                        + stage.name
                                                        + "- --resource-pattern-type prefixed")
                                        .hasMessageContaining(
                                                "--operation Read --group " + stage.name)
                                        .hasMessageContaining("topic " + stage.out));
    }

    @Test
    void theStartNamesEveryRightThatASinkLacksAndThoseAreEnough(@TempDir Path folder)
            throws InterruptedException {
        String group = stage.name + ".sink.s";
        kafka.open().createTopic(group + ".retry", 1);
        stage.with(
                "sinks: [ { name: s, from: %s, file: { path: \"%s\" } } ]"
                        .formatted(stage.out, folder));
        kafka.revoke(user, ResourceType.GROUP, stage.name, AclOperation.READ);
        kafka.revoke(user, ResourceType.TRANSACTIONAL_ID, stage.name, AclOperation.WRITE);

        await().atMost(Stage.PATIENCE)
                .untilAsserted(
                        () ->
                                assertThatThrownBy(() -> stage.start("a"))
                                        .hasMessageContaining("topic " + stage.out)
                                        .hasMessageContaining("--topic " + group + ".retry")
                                        .hasMessageContaining("--operation Read --group " + group)
                                        .hasMessageContaining(
                                                "--transactional-id "
                                                        + group
                                                        + "- --resource-pattern-type prefixed"));
        kafka.allow(user, ResourceType.GROUP, stage.name, AclOperation.READ);
        kafka.allow(user, ResourceType.TRANSACTIONAL_ID, stage.name, AclOperation.WRITE);
        kafka.allow(user, ResourceType.TOPIC, stage.out, AclOperation.READ);
        kafka.allow(user, ResourceType.TOPIC, group + ".retry", AclOperation.READ);
        PipelineRuntime pipeline = stage.start("a");
        stage.write("e", 10);

        await().atMost(Stage.PATIENCE)
                .until(() -> pipeline.status().companions().getFirst().read() == 10);
    }

    @Test
    void withoutTheRightToTryCommitsTheSettingOfTheBrokersOrKafkasDefaultIsTaken()
            throws InterruptedException {
        kafka.revoke(user, ResourceType.GROUP, stage.name, AclOperation.READ, AclOperation.DELETE);
        String exact = stage.name;
        kafka.allow(user, ResourceType.GROUP, exact, AclOperation.READ);

        PipelineRuntime pipeline = stage.start("a");

        assertThat(pipeline.warnings().stream().map(Finding::subject)).isSubsetOf("commits");
    }

    @Test
    void groupRightsThatAreRevokedEndThePipelineWithTheGrantThatHelps() throws Exception {
        PipelineRuntime pipeline = stage.start("a");
        stage.write("before", 5);
        Stage.awaitSettled(pipeline, 5);

        kafka.revoke(user, ResourceType.GROUP, stage.name, AclOperation.READ);
        stage.write("after", 5);

        await().atMost(Stage.PATIENCE)
                .until(() -> pipeline.status().state() == PipelineState.FAILED);
        assertThatThrownBy(pipeline::awaitStopped)
                .hasMessageContaining("may not be a member of group " + stage.name)
                .hasMessageContaining("--operation Read --group " + stage.name);
        assertThat(stage.committed(0)).isLessThanOrEqualTo(10);
    }

    @Test
    void transactionalRightsThatAreRevokedEndThePipelineWithTheGrantThatHelps() throws Exception {
        PipelineRuntime pipeline = stage.start("a");
        stage.write("before", 5);
        Stage.awaitSettled(pipeline, 5);

        kafka.revoke(
                user,
                ResourceType.TRANSACTIONAL_ID,
                stage.name,
                AclOperation.WRITE,
                AclOperation.DESCRIBE);
        stage.write("after", 5);

        await().atMost(Stage.PATIENCE)
                .until(() -> pipeline.status().state() == PipelineState.FAILED);
        assertThatThrownBy(pipeline::awaitStopped)
                .hasMessageContaining("may not use the transactional id")
                .hasMessageContaining("--transactional-id " + stage.name + "-");
        assertThat(stage.read(stage.out)).hasSize(5);
    }

    @Test
    @Tag("faults")
    void aUserThatIsRemovedIsWaitedForAndNothingIsLostOrTwice() throws Exception {
        PipelineRuntime pipeline = stage.start("a");
        stage.write("before", 5);
        Stage.awaitSettled(pipeline, 5);

        kafka.removeUser(user);
        Stage.awaitTrouble(pipeline, "credentials");
        stage.write("meanwhile", 5);
        kafka.addUser(user);

        Stage.awaitSettled(pipeline, 10);
        assertThat(pipeline.status().state()).isEqualTo(PipelineState.RUNNING);
        assertThat(stage.read(stage.out)).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void aDeadLetterTopicThatMayNotBeWrittenHoldsThePipelineUpUntilItMay() throws Exception {
        PipelineRuntime pipeline = stage.start("a");
        stage.write("before", 5);
        Stage.awaitSettled(pipeline, 5);

        kafka.revoke(user, ResourceType.TOPIC, stage.dlq, AclOperation.WRITE);
        stage.writer.write(stage.in, "no json");
        stage.write("after", 5);
        Stage.awaitTrouble(pipeline, "authorized");
        long held = stage.committed(0);
        kafka.allow(user, ResourceType.TOPIC, stage.dlq, AclOperation.WRITE);

        Stage.awaitSettled(pipeline, 11);
        assertThat(held).isLessThanOrEqualTo(5 + 1); // behind the five events: their marker
        assertThat(stage.read(stage.dlq)).containsExactly("no json");
        assertThat(stage.read(stage.out)).hasSize(10).doesNotHaveDuplicates();
    }
}
