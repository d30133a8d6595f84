package dev.thac.filter;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.function.Predicate;

/** The addresses of one network, IPv4 or IPv6. Names are never looked up. */
final class Cidr implements Predicate<String> {

    private static final int LONGEST = 45;
    private static final int V4_DOTS = 3;

    private final byte[] network;
    private final int bits;

    private Cidr(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    static Cidr parse(String text, String path) throws PatternException {
        int slash = text.indexOf('/');
        byte[] network = slash < 0 ? null : address(text.substring(0, slash));
        String length = text.substring(slash + 1);
        boolean number =
                !length.isEmpty()
                        && length.length() <= V4_DOTS
                        && length.chars().allMatch(c -> c >= '0' && c <= '9');
        if (network == null || !number || Integer.parseInt(length) > network.length * Byte.SIZE) {
            throw new PatternException(
                    path, "'" + text + "' is no network; write, for example, 10.0.0.0/24");
        }
        return new Cidr(network, Integer.parseInt(length));
    }

    private static byte @Nullable [] address(String text) {
        int dots = 0;
        int colons = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            dots += c == '.' ? 1 : 0;
            colons += c == ':' ? 1 : 0;
            if (c != '.' && c != ':' && Character.digit(c, 16) < 0) {
                return null;
            }
        }
        if (text.length() > LONGEST || (colons < 2 && (dots != V4_DOTS || colons > 0))) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    @Override
    public boolean test(String text) {
        byte[] address = address(text);
        if (address == null || address.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += Byte.SIZE) {
            int wanted = Math.min(Byte.SIZE, bits - bit);
            int mask = 0xFF << (Byte.SIZE - wanted) & 0xFF;
            int at = bit / Byte.SIZE;
            if ((address[at] & mask) != (network[at] & mask)) {
                return false;
            }
        }
        return true;
    }
}
