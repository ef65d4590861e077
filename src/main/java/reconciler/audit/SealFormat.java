package reconciler.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How leaves and roots were made when a seal was. A record may hold seals of both.
enum SealFormat {
    /// Before there was a format number.
    TEXT(2) {
        @Override
        byte[] leaf(SealedRow row, CanonicalHash hash) {
            return hash.leaf(row.table().label(), row.texts());
        }
    },

    /// As in `R__1_functions.sql`, under "Seals".
    BINARY(16) {
        @Override
        byte[] leaf(SealedRow row, CanonicalHash hash) {
            return hash.binaryLeaf(row.record());
        }
    };

    private final int children;

    SealFormat(int children) {
        this.children = children;
    }

    static SealFormat of(SealedRow seal) {
        @Nullable String format = seal.text("format");
        return format == null ? TEXT : BINARY;
    }

    /// Of an attempt or an outcome.
    abstract byte[] leaf(SealedRow row, CanonicalHash hash);

    byte[] root(List<byte[]> leaves, CanonicalHash hash) {
        return hash.root(leaves, children);
    }
}
