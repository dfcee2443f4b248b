package io.sallyport.model.event;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.sa.ChildSa;
import java.util.List;

/// What happened. Records hold no secrets but [KeysForExport], which is told only on request.
public sealed interface Event {
    /// Name of the connection; empty where none was found.
    String connection();

    /// @param keys which one it is, of all of its connection
    record IkeEstablished(String connection, Path path, IkeSaView.Keys keys, boolean rekeyed)
            implements Event {}

    /// @param keys which one it was
    record IkeClosed(String connection, Path path, IkeSaView.Keys keys, String why)
            implements Event {}

    record ChildEstablished(String connection, ChildSa sa, boolean rekeyed) implements Event {}

    /// `last`: no other SA of this child remains.
    record ChildClosed(String connection, ChildSa sa, String why, boolean last) implements Event {}

    /// @param keys the IKE SA that was the last to hear of it
    record PeerDead(String connection, Path path, IkeSaView.Keys keys, long silentNanos)
            implements Event {}

    record Retransmitted(String connection, Path path, String exchange, int sent)
            implements Event {}

    record NatFound(String connection, boolean us, boolean peer) implements Event {}

    /// @param keys the IKE SA whose path it is
    record PathChanged(String connection, IkeSaView.Keys keys, Path was, Path is)
            implements Event {}

    /// A peer got a virtual address of ours.
    record AddressLent(String connection, String peer, String pool, IpAddress address)
            implements Event {}

    /// A peer gave us virtual addresses, in place of those that it gave before.
    ///
    /// @param dns servers to ask through the tunnel
    record AddressesBorrowed(String connection, List<IpAddress> addresses, List<IpAddress> dns)
            implements Event {
        public AddressesBorrowed {
            addresses = List.copyOf(addresses);
            dns = List.copyOf(dns);
        }
    }

    /// We have them no more.
    record AddressesReturned(String connection) implements Event {}

    /// A negotiation failed.
    ///
    /// @param byStranger the peer began it and had not proved who it is: anybody may have caused
    ///   it, so people are told, and nothing follows from it
    record Failed(Failure failure, boolean byStranger) implements Event {
        /// Of an attempt of ours, or with a peer that proved who it is.
        public Failed(Failure failure) {
            this(failure, false);
        }

        @Override
        public String connection() {
            return failure.connection();
        }
    }

    /// What looks as if it will fail, and why most likely. It is no proof: the attempt goes on.
    record Suspected(Failure failure) implements Event {
        @Override
        public String connection() {
            return failure.connection();
        }
    }

    /// All attempts were used up: nothing is tried until somebody asks. [Failed] told why.
    record GivenUp(String connection) implements Event {}

    /// An attempt was ended before it came to anything, and not because it failed: what was wanted
    /// is not wanted any more.
    record CalledOff(String connection, String why) implements Event {}

    /// Something worth a look that changed nothing: an ignored notify, a dropped message.
    record Noticed(String connection, Path path, String what) implements Event {}

    /// A bug of ours: the sessions of this connection were ended, the rest goes on.
    record InternalError(String connection, String what) implements Event {}

    /// A broken algorithm was negotiated because the configuration names it.
    record WeakAlgorithm(String connection, String algorithm) implements Event {}

    /// For `--export-keys` only: what Wireshark needs to decrypt an IKEv1 SA.
    record IkeKeysForExport(String connection, String initiatorCookieHex, String encryptionKeyHex)
            implements Event {
        @Override
        public String toString() {
            return "IkeKeysForExport[" + connection + ", " + initiatorCookieHex + "]";
        }
    }
}
