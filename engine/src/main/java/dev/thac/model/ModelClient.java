package dev.thac.model;

import java.time.Duration;

/**
 * One language model behind HTTP. Implementations are thread-safe and block; they are called on
 * virtual threads.
 */
public interface ModelClient {

    /**
     * Makes one call and waits for the whole answer.
     *
     * @param request what to ask
     * @param timeout deadline over the whole answer, connection included
     * @return the reply, which may still be cut or refused: see {@link ModelReply#stop()}
     * @throws ModelException when there is no usable reply
     * @throws InterruptedException when the calling thread is interrupted
     */
    ModelReply call(ModelRequest request, Duration timeout)
            throws ModelException, InterruptedException;
}
