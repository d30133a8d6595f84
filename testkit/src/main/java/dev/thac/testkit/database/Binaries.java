package dev.thac.testkit.database;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the server's programs are: unpacked from the archive on the class path, once per user and
 * machine, or those of an installed PostgreSQL where the archive has none for this machine.
 *
 * @param bin the directory with {@code initdb}, {@code postgres} and {@code pg_ctl}
 */
record Binaries(Path bin) {

    private static final Set<PosixFilePermission> READABLE =
            PosixFilePermissions.fromString("rwxr-xr-x");

    /**
     * Finds or unpacks them.
     *
     * @throws IllegalStateException if this machine has none
     */
    static Binaries find() {
        Optional<URL> archive = archive();
        try {
            if (archive.isPresent()) {
                long size = archive.get().openConnection().getContentLengthLong();
                return new Binaries(unpacked(archive.get(), store(size)).resolve("bin"));
            }
            return new Binaries(installed());
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL's programs could not be unpacked", e);
        }
    }

    private static Optional<URL> archive() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String name =
                switch (System.getProperty("os.arch", "")) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64" -> "arm_64";
                    case String other -> other;
                };
        String family = system.contains("mac") ? "darwin" : "linux";
        return Optional.ofNullable(
                Binaries.class.getResource("/postgres-" + family + "-" + name + ".txz"));
    }

    /** The newest installed one, then whatever the path has. */
    private static Path installed() throws IOException {
        List<Path> places = new ArrayList<>();
        for (String root : List.of("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt")) {
            if (Files.isDirectory(Path.of(root))) {
                try (Stream<Path> versions = Files.list(Path.of(root))) {
                    versions.sorted(Comparator.reverseOrder())
                            .map(version -> version.resolve("bin"))
                            .forEach(places::add);
                }
            }
        }
        for (String place :
                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            places.add(Path.of(place));
        }
        return places.stream()
                .filter(place -> Files.isExecutable(place.resolve("initdb")))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "no PostgreSQL for this machine: neither on the class path"
                                            + " nor installed (install the package postgresql)"));
    }

    /**
     * A directory below the temporary one: a home directory is often closed to the user the server
     * runs as. The archive's size is in its name, so that another version is unpacked anew. One
     * that somebody else made first is not trusted.
     */
    private static Path store(long size) throws IOException {
        Path root = Path.of(System.getProperty("java.io.tmpdir"));
        String user = System.getProperty("user.name", "user");
        Path store = root.resolve("thac-postgres-" + user + "-" + size);
        try {
            Files.createDirectory(store, PosixFilePermissions.asFileAttribute(READABLE));
            Files.setPosixFilePermissions(store, READABLE);
        } catch (FileAlreadyExistsException e) {
            Path mine = Files.createTempFile("thac-postgres-", ".owner");
            boolean ours =
                    Files.getOwner(store).equals(Files.getOwner(mine))
                            && !Files.isSymbolicLink(store)
                            && Files.getPosixFilePermissions(store).equals(READABLE);
            Files.delete(mine);
            if (!ours) {
                throw new IOException(store + " belongs to somebody else", e);
            }
        }
        return store;
    }

    private static Path unpacked(URL archive, Path store) throws IOException {
        Path home = store.resolve("home");
        if (Files.isDirectory(home)) {
            return home;
        }
        Path fresh = Files.createTempDirectory(store, "unpack-");
        Files.setPosixFilePermissions(fresh, READABLE);
        try (InputStream file = archive.openStream();
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(
                                new XZCompressorInputStream(new BufferedInputStream(file)))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                extract(tar, entry, fresh);
            }
        }
        settle(fresh, home);
        return home;
    }

    private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path root)
            throws IOException {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
            throw new IOException("an entry outside the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.copy(tar, target);
            boolean program = (entry.getMode() & 0b001_000_000) != 0;
            Files.setPosixFilePermissions(
                    target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    /** Puts a finished directory into its place, unless another process was first. */
    private static void settle(Path fresh, Path place) throws IOException {
        try {
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(place)) {
                throw e;
            }
            Folders.delete(fresh);
        }
    }
}
