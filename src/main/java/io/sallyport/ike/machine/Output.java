package io.sallyport.ike.machine;

import io.sallyport.base.Octets;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.SignatureScheme;
import io.sallyport.model.event.Event;
import io.sallyport.model.port.TlsConversation;
import io.sallyport.model.sa.Carriage;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.trust.PeerProof;
import io.sallyport.model.trust.TlsEnd;
import java.util.Optional;

/// Everything the engine wants done. The host does it; nothing here blocks the engine.
public sealed interface Output {
    /// Send an ISAKMP message; from local port 500 as it is, from any other behind the non-ESP
    /// marker (RFC 3948, 2.2); by TCP if that is such a path, and not at all if there is no
    /// connection along it.
    record Send(Path path, Octets octets) implements Output {}

    /// The same, but with DF: it passes whole or not at all.
    record SendWhole(Path path, Octets octets) implements Output {}

    /// What became of an [Input.ProbePath].
    ///
    /// @param octets of the probe's IP packet
    /// @param passed false: the peer is there, and has not got it whole
    record Probed(Path path, int octets, boolean passed) implements Output {}

    /// Send the one-octet NAT keepalive of RFC 3948, 2.3 along this path.
    record Keepalive(Path path) implements Output {}

    /// Open a TCP connection along this path (RFC 9329), and open it anew whenever it breaks, until
    /// [HangUp]; [Input.TcpUp] tells each time it stands. Our port is a wish.
    record Dial(Path path) implements Output {}

    /// An established IKE SA uses this TCP connection, which the peer opened: it may stay.
    record KeepTcp(Path path) implements Output {}

    /// No IKE SA uses this TCP connection any more.
    record HangUp(Path path) implements Output {}

    /// Make an ephemeral key off the loop; answered by [Input.Generated].
    record Generate(long job, Group group) implements Output {}

    /// Compute the shared secret off the loop, then close `ours`; answered by [Input.Agreed] or
    /// [Input.Disagreed].
    record Agree(long job, KeyAgreement.Ephemeral ours, Octets theirs) implements Output {}

    /// Answer the peer's value off the loop, in one step as a KEM wants it; answered by
    /// [Input.Answered] or [Input.Disagreed].
    record Answer(long job, Group group, Octets theirs) implements Output {}

    /// Sign off the loop with the key of ours that has this id; answered by [Input.Signed] or
    /// [Input.NotSigned].
    record Sign(long job, Octets key, SignatureScheme scheme, Octets data) implements Output {}

    /// Judge off the loop whether the peer is who it says; answered by [Input.Judged].
    record Judge(long job, PeerProof proof) implements Output {}

    /// Go on with TLS off the loop, as `end` of it; answered by [Input.Spoken].
    ///
    /// @param with empty: it is to be begun
    record Tls(long job, TlsEnd end, Optional<TlsConversation> with, Octets received)
            implements Output {}

    /// Find local and remote address of a connection; answered by [Input.Resolved] with the same
    /// number.
    record Resolve(long lookup, String connection, AddressSpec local, AddressSpec remote)
            implements Output {}

    /// `IpsecBackend.install`.
    record Install(ChildSa sa) implements Output {}

    /// `IpsecBackend.activate`.
    record Activate(long childSaId) implements Output {}

    /// `IpsecBackend.remove`.
    record Remove(long childSaId) implements Output {}

    /// `IpsecBackend.move`.
    record Move(long childSaId, Carriage carriage) implements Output {}

    /// Tell whoever listens.
    record Tell(Event event) implements Output {}
}
