package io.sallyport.control.vici;

/// Who carries out what vici clients ask. Called from many virtual threads at once; may block; what
/// it throws ends the asker's session and harms nobody else.
public interface ViciOperator {
    /// Carries out a command and gives its answer.
    ///
    /// @param stream takes the events that belong to this request, in order, before the answer;
    ///   those the client did not register are dropped
    ViciMessage answer(ViciCommand command, ViciMessage request, Sink stream);

    /// Tells `sink` of everything that happens from now on.
    Listening listen(Sink sink);

    /// Takes events.
    interface Sink {
        void tell(ViciEvent event, ViciMessage message);

        /// Whether it is worth the work to make events of this kind.
        boolean wants(ViciEvent event);
    }

    /// Ends the telling.
    interface Listening extends AutoCloseable {
        /// The sink wants events of another kind, too.
        void more();

        @Override
        void close();
    }
}
