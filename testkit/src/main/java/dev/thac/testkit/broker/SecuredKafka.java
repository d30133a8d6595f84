package dev.thac.testkit.broker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * An {@link EmbeddedKafka} with a second listener, where users sign in (SASL, SCRAM-SHA-256) and
 * may do only what they are allowed to. The first listener stays open, and whoever comes through it
 * may do everything. Connections must sign in again every second, so that what is taken from a user
 * is felt soon. Thread-safe.
 */
public final class SecuredKafka implements AutoCloseable {

    private static final Duration SIGN_IN_AGAIN = Duration.ofSeconds(1);
    private static final int ITERATIONS = 4096;

    private final EmbeddedKafka kafka;
    private final int port;

    private SecuredKafka(EmbeddedKafka kafka, int port) {
        this.kafka = kafka;
        this.port = port;
    }

    /** A broker on free ports, in a temporary directory. */
    public static SecuredKafka start() {
        int open = FreePorts.any();
        int secured = FreePorts.any();
        int controller = FreePorts.any();
        String clients = "PLAINTEXT://127.0.0.1:" + open + ",SECURED://127.0.0.1:" + secured;
        Map<String, String> properties =
                Map.ofEntries(
                        Map.entry("listeners", clients + ",CONTROLLER://127.0.0.1:" + controller),
                        Map.entry("advertised.listeners", clients),
                        Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controller),
                        Map.entry("inter.broker.listener.name", "PLAINTEXT"),
                        Map.entry(
                                "listener.security.protocol.map",
                                "PLAINTEXT:PLAINTEXT,SECURED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT"),
                        Map.entry("sasl.enabled.mechanisms", "SCRAM-SHA-256"),
                        Map.entry(
                                "listener.name.secured.scram-sha-256.sasl.jaas.config",
                                "org.apache.kafka.common.security.scram.ScramLoginModule"
                                        + " required;"),
                        Map.entry(
                                "connections.max.reauth.ms",
                                Long.toString(SIGN_IN_AGAIN.toMillis())),
                        Map.entry(
                                "authorizer.class.name",
                                "org.apache.kafka.metadata.authorizer.StandardAuthorizer"),
                        Map.entry("super.users", "User:ANONYMOUS"));
        return new SecuredKafka(
                EmbeddedKafka.start(
                        EmbeddedKafkaSettings.DEFAULT
                                .withPort(open)
                                .withServerProperties(properties)),
                secured);
    }

    /** The broker, through the listener where everything is allowed. */
    public EmbeddedKafka open() {
        return kafka;
    }

    /** What users who sign in put into {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Client settings to sign in with; the password is the name. */
    public static Map<String, String> signIn(String user) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "SCRAM-SHA-256",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
                        + user
                        + "\" password=\""
                        + user
                        + "\";");
    }

    /** Makes a user known. */
    public void addUser(String user) {
        alter(
                new UserScramCredentialUpsertion(
                        user,
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, ITERATIONS),
                        user));
    }

    /** Makes a user unknown; its connections end when they must sign in again. */
    public void removeUser(String user) {
        alter(new UserScramCredentialDeletion(user, ScramMechanism.SCRAM_SHA_256));
    }

    /** Allows a user operations on everything whose name begins so. */
    public void allow(String user, ResourceType type, String prefix, AclOperation... operations) {
        try (Admin admin = kafka.admin()) {
            await(admin.createAcls(bindings(user, type, prefix, operations)).all());
        }
    }

    /** Takes back what {@link #allow} allowed. */
    public void revoke(String user, ResourceType type, String prefix, AclOperation... operations) {
        try (Admin admin = kafka.admin()) {
            await(
                    admin.deleteAcls(
                                    bindings(user, type, prefix, operations).stream()
                                            .map(AclBinding::toFilter)
                                            .toList())
                            .all());
        }
    }

    @Override
    public void close() {
        kafka.close();
    }

    private void alter(UserScramCredentialAlteration alteration) {
        try (Admin admin = kafka.admin()) {
            await(admin.alterUserScramCredentials(List.of(alteration)).all());
        }
    }

    private static List<AclBinding> bindings(
            String user, ResourceType type, String prefix, AclOperation... operations) {
        return Arrays.stream(operations)
                .map(
                        operation ->
                                new AclBinding(
                                        new ResourcePattern(type, prefix, PatternType.PREFIXED),
                                        new AccessControlEntry(
                                                "User:" + user,
                                                "*",
                                                operation,
                                                AclPermissionType.ALLOW)))
                .toList();
    }

    private static void await(KafkaFuture<?> done) {
        try {
            done.get();
        } catch (ExecutionException e) {
            throw new KafkaException(
                    "the broker refused a change of users or rights", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while changing users or rights", e);
        }
    }
}
