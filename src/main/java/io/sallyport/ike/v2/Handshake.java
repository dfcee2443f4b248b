package io.sallyport.ike.v2;

import io.sallyport.ike.machine.Input;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.ExchangeType;
import io.sallyport.wire.ike.v2.Message;

/// One part of what comes before an IKE SA is established: IKE_SA_INIT, or IKE_AUTH, from one end.
/// Each part makes the next one ([V2Session#enter]).
interface Handshake {
    V2State state();

    /// The exchange that is under way.
    int exchangeType();

    /// As responder: whether a request of this kind is due.
    boolean takes(int exchangeType);

    /// A message in clear: nothing in it is authentic.
    default void onClear(Message message, Input.Datagram d, long now) throws MalformedException {}

    /// What a message said that was sealed with the keys of IKE_SA_INIT. Whoever sent it is not
    /// authenticated by that.
    void onSealed(Courier.Heard message, long now);

    /// The answer that was awaited is sealed with the right keys, and says what cannot be read.
    default void onUnreadable(String why, long now) {}

    void onJob(Input answer, long now);

    /// The child that comes along, while that is not decided; empty text if none does.
    default String child() {
        return "";
    }

    /// The session ends.
    void close();

    /// That of an SA that is established, or was born from another one.
    Handshake OVER =
            new Handshake() {
                @Override
                public V2State state() {
                    return new V2State.Done();
                }

                @Override
                public int exchangeType() {
                    return ExchangeType.IKE_AUTH;
                }

                @Override
                public boolean takes(int exchangeType) {
                    return false;
                }

                @Override
                public void onSealed(Courier.Heard message, long now) {}

                @Override
                public void onJob(Input answer, long now) {}

                @Override
                public void close() {}
            };
}
