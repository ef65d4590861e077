package reconciler.patch;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The hosts that are reached without a proxy, as curl reads `NO_PROXY`: names separated by commas
/// or blanks, each for itself and everything below it, with or without a dot in front; addresses,
/// also as blocks (`10.0.0.0/8`, `fd00::/8`); `*` for everything. A port (`host:8443`), which curl
/// does not know, restricts an entry to it.
final class NoProxy {
    private static final Pattern WITH_PORT =
            Pattern.compile("(\\[[^\\]]+\\]|[^:\\[\\]]+):([0-9]{1,5})");
    private static final int ANY_PORT = -1;

    private final List<Entry> entries;

    private NoProxy(List<Entry> entries) {
        this.entries = entries;
    }

    /// @param name in lower case, without dots around it; or an address, or a block
    private record Entry(String name, int port) {
        static Entry of(String text) {
            Matcher port = WITH_PORT.matcher(text);
            boolean hasPort = port.matches();
            return new Entry(
                    bare(hasPort ? port.group(1) : text),
                    hasPort ? Integer.parseInt(port.group(2)) : ANY_PORT);
        }

        private static String bare(String text) {
            String name = text.toLowerCase(Locale.ROOT);
            if (name.startsWith("[") && name.endsWith("]")) {
                return name.substring(1, name.length() - 1);
            }
            return withoutDots(name.startsWith("*.") ? name.substring(1) : name);
        }

        boolean covers(String host, int toPort) {
            return (port == ANY_PORT || port == toPort) && (name.equals("*") || isOrIsAbove(host));
        }

        private boolean isOrIsAbove(String host) {
            InetAddress address = address(host);
            if (address == null) {
                return !name.isEmpty() && (host.equals(name) || host.endsWith("." + name));
            }
            String[] block = name.split("/", 2);
            InetAddress network = address(block[0]);
            return network != null
                    && isWithin(
                            address.getAddress(),
                            network.getAddress(),
                            block.length == 1 ? null : block[1]);
        }

        private static boolean isWithin(byte[] address, byte[] network, @Nullable String bits) {
            if (address.length != network.length) {
                return false;
            }
            if (bits == null) {
                return Arrays.equals(address, network);
            }
            int most = Byte.SIZE * address.length;
            if (!bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > most) {
                return false;
            }
            int rest = most - Integer.parseInt(bits);
            return new BigInteger(1, address)
                    .shiftRight(rest)
                    .equals(new BigInteger(1, network).shiftRight(rest));
        }
    }

    static NoProxy of(String text) {
        return new NoProxy(
                Arrays.stream(text.split("[,\\s]+"))
                        .filter(word -> !word.isEmpty())
                        .map(Entry::of)
                        .toList());
    }

    /// @param host in lower case, an IPv6 address without brackets
    boolean covers(String host, int port) {
        String name = withoutDots(host);
        return entries.stream().anyMatch(entry -> entry.covers(name, port));
    }

    private static String withoutDots(String name) {
        int from = name.startsWith(".") ? 1 : 0;
        int until = name.length() > from && name.endsWith(".") ? name.length() - 1 : name.length();
        return name.substring(from, until);
    }

    private static @Nullable InetAddress address(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException aName) {
            return null;
        }
    }

    @Override
    public String toString() {
        return entries.toString();
    }
}
