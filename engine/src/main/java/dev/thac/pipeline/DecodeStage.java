package dev.thac.pipeline;

import dev.thac.decode.Decoder;
import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;

/** Bytes to an event, unless there are too many of them. */
final class DecodeStage implements Stage {

    private static final String NAME = "decode";

    private final Decoder decoder;
    private final long maxBytes;

    DecodeStage(Decoder decoder, long maxBytes) {
        this.decoder = decoder;
        this.maxBytes = maxBytes;
    }

    @Override
    public Progress decide(OpenEvent open) {
        Delivery delivery = open.delivery();
        byte[] key = delivery.key();
        byte[] value = delivery.value();
        long bytes = (key == null ? 0L : key.length) + (value == null ? 0 : value.length);
        if (bytes > maxBytes) {
            return open.fail(
                    new Failure(
                            ErrorCode.TOO_LARGE,
                            NAME,
                            "key and value have " + bytes + " bytes, maxEvent is " + maxBytes));
        }
        return switch (decoder.decode(delivery)) {
            case Decoder.Result.Decoded(Event event) -> {
                open.is(event);
                yield Progress.NEXT;
            }
            case Decoder.Result.Undecodable(Failure failure) -> open.fail(failure);
        };
    }
}
