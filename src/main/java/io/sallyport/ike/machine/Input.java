package io.sallyport.ike.machine;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.Path;
import io.sallyport.crypto.engine.KeyAgreement;
import io.sallyport.model.command.Command;
import io.sallyport.model.port.TlsConversation;
import io.sallyport.model.sa.VolumeMark;
import io.sallyport.model.trust.Verdict;
import java.util.List;

/// Everything that can happen to the engine. Time is an argument beside it.
public sealed interface Input {
    /// An ISAKMP message without the non-ESP marker. A local port other than 500 tells that NAT
    /// traversal is on.
    record Datagram(Path path, Octets octets) implements Input {}

    /// A TCP connection that was asked for stands ([Output.Dial]), or stands again: what was sent
    /// before may be lost.
    record TcpUp(Path path) implements Input {}

    /// It did not come about, or is broken; it is tried again.
    record TcpDown(Path path, String why) implements Input {}

    /// Time passed: deadlines may be due.
    record Tick() implements Input {}

    /// A person or a program asks.
    record Asked(Command command) implements Input {}

    /// A packet hit the policy of this child, which has no SA.
    record Acquire(String connection, String child) implements Input {}

    /// An authentic ESP packet of this SA came from another address or port than the SA has (RFC
    /// 3948: a NAT rebinding).
    record PeerMoved(long childSaId, Path path) implements Input {}

    /// A direction of this SA came so far in its volume. Said by whoever counts, at the packet that
    /// reaches the mark: asking from time to time would come too late for a fast line.
    record VolumeSpent(long childSaId, VolumeMark mark) implements Input {}

    /// Addresses of this machine came or went.
    ///
    /// @param all those by which somebody elsewhere may reach it
    record AddressesChanged(List<IpAddress> all) implements Input {
        public AddressesChanged {
            all = List.copyOf(all);
        }
    }

    /// Ask by the IKE SA of this child SA whether the path takes an IP packet of so many octets;
    /// answered by [Output.Probed], or not at all.
    record ProbePath(long childSaId, int octets) implements Input {}

    /// Answer to [Output.Generate].
    record Generated(long job, KeyAgreement.Ephemeral ephemeral) implements Input {}

    /// Answer to [Output.Agree].
    record Agreed(long job, Secret shared) implements Input {}

    /// Answer to [Output.Answer].
    record Answered(long job, KeyAgreement.Answer answer) implements Input {}

    /// Answer to [Output.Agree] or [Output.Answer]: the peer's public value is illegal.
    record Disagreed(long job, String why) implements Input {}

    /// Answer to [Output.Sign].
    record Signed(long job, Octets signature) implements Input {}

    /// Answer to [Output.Sign]: the key is gone, or whoever holds it refuses.
    record NotSigned(long job, String why) implements Input {}

    /// Answer to [Output.Judge].
    record Judged(long job, Verdict verdict) implements Input {}

    /// Answer to [Output.Tls].
    record Spoken(long job, TlsConversation with, TlsConversation.Step step) implements Input {
        /// Nobody wants it any more.
        public void close() {
            with.close();
            if (step instanceof TlsConversation.Step.Done done) {
                done.key().close();
            }
        }
    }

    /// Answer to that [Output.Resolve] which has this number: the paths to try, or none and why.
    record Resolved(long lookup, String connection, List<Path> paths, String why) implements Input {
        public Resolved {
            paths = List.copyOf(paths);
        }
    }
}
