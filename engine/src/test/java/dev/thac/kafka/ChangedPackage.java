package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A copy of this package in which something is changed, to be loaded beside the real one. */
final class ChangedPackage {

    private static final Path SOURCES =
            Path.of(System.getProperty("thac.root", ".."), "engine/src/main/java/dev/thac/kafka");

    private final Path directory;

    /**
     * A package that is as it is.
     *
     * @param directory for classes that are changed
     */
    ChangedPackage(Path directory) {
        this.directory = directory;
    }

    /** Compiles a class in which a piece of the source, which must be there, is another. */
    void replace(String name, String from, String to) throws IOException {
        String source = Files.readString(SOURCES.resolve(name + ".java"));
        assertThat(source).as(name).contains(from);
        compile(name, source.replace(from, to));
    }

    /** The package with its changes; every call loads it anew. */
    URLClassLoader load() throws IOException {
        return new PackageLoader(directory);
    }

    private void compile(String name, String source) throws IOException {
        Path file = Files.writeString(directory.resolve(name + ".java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled =
                    compiler.getTask(
                                    said,
                                    files,
                                    null,
                                    List.of(
                                            "-proc:none",
                                            "-nowarn",
                                            "-d",
                                            directory.toString(),
                                            "-cp",
                                            classPath()),
                                    null,
                                    files.getJavaFileObjects(file))
                            .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }

    private static String classPath() {
        return System.getProperty(
                "surefire.test.class.path", System.getProperty("java.class.path", ""));
    }

    /** Loads this package anew, changed classes first; everything else is shared. */
    private static final class PackageLoader extends URLClassLoader {

        private static final String PACKAGE = ChangedPackage.class.getPackageName() + '.';

        PackageLoader(Path changed) throws IOException {
            super(urls(changed), ChangedPackage.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(PACKAGE)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known == null ? define(name) : known;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            URL file = findResource(name.replace('.', '/') + ".class");
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            try (InputStream in = file.openStream()) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        private static URL[] urls(Path changed) throws IOException {
            List<Path> folders =
                    Stream.concat(
                                    Stream.of(changed),
                                    Stream.of(classPath().split(File.pathSeparator))
                                            .map(Path::of)
                                            .filter(Files::isDirectory))
                            .toList();
            URL[] urls = new URL[folders.size()];
            for (int i = 0; i < urls.length; i++) {
                urls[i] = folders.get(i).toUri().toURL();
            }
            return urls;
        }
    }
}
