package io.sallyport.ike.v2;

import io.sallyport.ike.machine.Input;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Message;
import io.sallyport.wire.ike.v2.PayloadChain;

/// IKE_SA_INIT and IKE_AUTH from one end.
interface Handshake {
    V2State state();

    /// A message in clear: nothing in it is authentic.
    void onClear(Message message, Input.Datagram d, long now) throws MalformedException;

    /// What a message said that was sealed with the keys of IKE_SA_INIT. Whoever sent it is not
    /// authenticated by that.
    void onSealed(PayloadChain chain, long now);

    void onJob(Input answer, long now);

    /// The child that comes along, while that is not decided; empty text if none does.
    String child();

    /// The session ends.
    void close();

    /// That of an SA that was born from another one.
    Handshake OVER =
            new Handshake() {
                @Override
                public V2State state() {
                    return new V2State.Done();
                }

                @Override
                public void onClear(Message message, Input.Datagram d, long now) {}

                @Override
                public void onSealed(PayloadChain chain, long now) {}

                @Override
                public void onJob(Input answer, long now) {}

                @Override
                public String child() {
                    return "";
                }

                @Override
                public void close() {}
            };
}
