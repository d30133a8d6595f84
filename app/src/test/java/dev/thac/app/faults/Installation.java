package dev.thac.app.faults;

import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.simulator.PaidCalls;
import dev.thac.testkit.simulator.Simulator;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program as it is installed: classes in archives, and a cache of them as they are after a run,
 * with the switches of the launcher.
 *
 * @param classPath archives and folders
 * @param cache the cache; not there until it was trained
 * @param fast whether to start with the first compiler only
 */
record Installation(List<Path> classPath, Path cache, boolean fast) {

    private static final int TRAINING_EVENTS = 200;
    private static @Nullable Installation trained;

    private static final List<String> ALWAYS =
            List.of(
                    "-XX:-UsePerfData",
                    "-Xmx512m",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dsun.net.httpserver.nodelay=true",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:+ExitOnOutOfMemoryError");

    /** The classes of this test, as they lie: nothing is prepared. */
    static Installation asBuilt() {
        return new Installation(entries(), Path.of("no-cache"), true);
    }

    /**
     * The classes of this test in archives, as a cache needs them.
     *
     * @param directory where to put archives and cache
     */
    static Installation in(Path directory) {
        List<Path> archived = new ArrayList<>();
        for (Path entry : entries()) {
            if (Files.isDirectory(entry)) {
                archived.add(
                        archive(entry, directory.resolve("classes-" + archived.size() + ".jar")));
            } else if (Files.exists(entry)) {
                archived.add(entry);
            }
        }
        return new Installation(archived, directory.resolve("run.aot"), false);
    }

    /**
     * The classes of this test in archives, with the cache of a run that ended in order. Prepared
     * once for all tests of this process.
     */
    static synchronized Installation trained() {
        Installation known = trained;
        if (known == null) {
            known = train();
            trained = known;
        }
        return known;
    }

    private static Installation train() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                Simulator simulator = Simulator.start()) {
            Path directory = Files.createTempDirectory("thac-installed-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            Installation fresh = in(directory);
            Site site =
                    new Site(
                            new Site.Ground(
                                    kafka.bootstrapServers(),
                                    kafka::createTopic,
                                    simulator,
                                    new PaidCalls(),
                                    fresh),
                            "training",
                            2,
                            "");
            site.produce(0, TRAINING_EVENTS);
            try (Program program =
                    site.startToEnd("trained", List.of("-XX:AOTCacheOutput=" + fresh.cache))) {
                int code = program.awaitExit(Duration.ofMinutes(3));
                if (code != 0) {
                    throw new IllegalStateException("training failed:\n" + program.output());
                }
            }
            return fresh;
        } catch (IOException e) {
            throw new UncheckedIOException("nowhere to install", e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command line up to the main class, without options of the run. */
    List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ALWAYS);
        command.add("-XX:+UseSerialGC");
        if (fast) {
            command.add("-XX:TieredStopAtLevel=1");
        }
        if (Files.exists(cache)) {
            command.add("-XX:AOTCache=" + cache);
        }
        command.add("-cp");
        command.add(
                classPath.stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator)));
        return command;
    }

    /** Surefire hides the class path behind one archive, and names it in a property. */
    private static List<Path> entries() {
        String path =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path", ""));
        return Stream.of(path.split(File.pathSeparator)).map(Path::of).distinct().toList();
    }

    private static Path archive(Path folder, Path archive) {
        try (OutputStream file = Files.newOutputStream(archive);
                JarOutputStream jar = new JarOutputStream(file);
                Stream<Path> classes = Files.walk(folder)) {
            for (Path each : classes.filter(Files::isRegularFile).sorted().toList()) {
                jar.putNextEntry(
                        new JarEntry(
                                folder.relativize(each)
                                        .toString()
                                        .replace(File.separatorChar, '/')));
                Files.copy(each, jar);
                jar.closeEntry();
            }
            return archive;
        } catch (IOException e) {
            throw new UncheckedIOException("could not put " + folder + " into an archive", e);
        }
    }
}
