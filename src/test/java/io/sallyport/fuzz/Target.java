package io.sallyport.fuzz;

import io.sallyport.control.protocol.ControlFuzz;
import io.sallyport.control.vici.ViciFuzz;
import io.sallyport.creds.CredentialFuzz;
import io.sallyport.creds.revocation.RevocationFuzz;
import io.sallyport.creds.x509.ChainFuzz;
import io.sallyport.drivers.netlink.NetlinkFuzz;
import io.sallyport.ike.eap.EapFuzz;
import io.sallyport.ike.v1.InsideMainModeFuzz;
import io.sallyport.ike.v1.SignedMainModeFuzz;
import io.sallyport.ike.v2.InsideSkFuzz;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// An entrance through which strangers' octets come in, and what feeds it.
///
/// An entrance holds if `feed` returns: what is refused is refused by the ways of the house, and
/// whatever else is thrown is an escape.
public enum Target {
    /// IPv4 and IPv6 with their extension headers, up to the ports.
    PACKETS(WireFuzz::packets),
    /// Messages of ISAKMP and IKEv1.
    IKEV1(WireFuzz::ikev1),
    /// Messages of IKEv2, and chains of payloads as they stand inside SK.
    IKEV2(WireFuzz::ikev2),
    /// IKE and ESP in a TCP stream, however it comes in pieces.
    STREAM(WireFuzz::stream),
    /// An IKEv2 peer with the right keys, to an engine in one of many states.
    INSIDE_SK(InsideSkFuzz::feed),
    /// One end of a method of EAP.
    EAP(EapFuzz::feed),
    /// An IKEv1 peer with the right keys.
    INSIDE_MAIN_MODE(InsideMainModeFuzz::feed),
    /// What an IKEv1 peer proves itself by, who did Diffie-Hellman and has no key that counts.
    SIGNED_MAIN_MODE(SignedMainModeFuzz::feed),
    /// swanctl.conf.
    SWANCTL(DialectFuzz::swanctl),
    /// ipsec.conf with a key beside it.
    IPSEC_CONF(DialectFuzz::ipsecConf),
    /// ipsec.secrets.
    IPSEC_SECRETS(DialectFuzz::ipsecSecrets),
    /// The text that AWS writes.
    AWS_TEXT(DialectFuzz::awsText),
    /// The XML that AWS writes.
    AWS_XML(DialectFuzz::awsXml),
    /// Files of keys, certificates and lists.
    CREDENTIALS(CredentialFuzz::feed),
    /// Certificates that a peer sends beside a right signature.
    CERTIFICATES(ChainFuzz::feed),
    /// Revocation lists and answers of OCSP.
    REVOCATION(RevocationFuzz::feed),
    /// What the kernel answers over netlink.
    NETLINK(NetlinkFuzz::feed),
    /// Packets on the vici socket.
    VICI(ViciFuzz::feed),
    /// Lines on the control socket.
    CONTROL(ControlFuzz::feed);

    /// The inputs that are kept, a folder a target.
    public static final Path CORPORA = Path.of("src/test/vectors/fuzz");

    /// What takes one input.
    public interface Feed {
        /// @throws Exception an escape
        void take(byte[] input) throws Exception;
    }

    private final Feed feed;

    Target(Feed feed) {
        this.feed = feed;
    }

    public void feed(byte[] input) throws Exception {
        feed.take(input);
    }

    /// As it is written on the command line, and the name of its corpus.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// @return nothing where no target has that word
    public static java.util.Optional<Target> of(String word) {
        return Stream.of(values()).filter(t -> t.word().equals(word)).findFirst();
    }

    /// The files of its corpus, in the order of their names.
    public List<Path> corpus() {
        Path folder = CORPORA.resolve(word());
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
