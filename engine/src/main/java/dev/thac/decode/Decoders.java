package dev.thac.decode;

import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;

import org.jspecify.annotations.Nullable;

/** The decoders, one per format. */
public final class Decoders {

    private static final String STAGE = "decode";

    private Decoders() {}

    /**
     * The decoder for a format.
     *
     * @param format how values are encoded
     * @return a decoder; thread-safe
     * @throws IllegalArgumentException for a format that is not built yet; the files' validator
     *     refuses those by name
     */
    public static Decoder of(Format format) {
        return switch (format) {
            case JSON -> new Bytes(new JsonTrees()::read);
            case TEXT -> new Bytes(value -> Utf8.decode(value, 0, value.length));
            case BYTES, AVRO, PROTOBUF ->
                    throw new IllegalArgumentException("no decoder for " + format);
        };
    }

    /** Reads one value. */
    private interface Reader {
        @Nullable Object read(byte[] value) throws MalformedException;
    }

    private record Bytes(Reader reader) implements Decoder {
        @Override
        public Result decode(Delivery delivery) {
            byte[] value = delivery.value();
            if (value == null) {
                return undecodable(ErrorCode.NULL_VALUE, "the record has no value");
            }
            try {
                return new Result.Decoded(new Event(delivery, reader.read(value)));
            } catch (MalformedException malformed) {
                return undecodable(
                        ErrorCode.UNDECODABLE,
                        malformed.getMessage() + " at byte " + malformed.position());
            }
        }

        private static Result undecodable(ErrorCode code, String message) {
            return new Result.Undecodable(new Failure(code, STAGE, message));
        }
    }
}
