package dev.thac.app.terminal;

import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build, from the resource that the build fills in. */
public final class Version implements IVersionProvider {

    private static final String RESOURCE = "/dev/thac/app/version.properties";

    /** Public because picocli creates it. */
    public Version() {}

    /**
     * The version, for example {@code 0.1.0-SNAPSHOT}.
     *
     * @return as in the build
     */
    public static String current() {
        Properties properties = new Properties();
        try (InputStream resource = Version.class.getResourceAsStream(RESOURCE)) {
            if (resource != null) {
                properties.load(resource);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
        return properties.getProperty("version", "unknown");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"thac " + current()};
    }
}
