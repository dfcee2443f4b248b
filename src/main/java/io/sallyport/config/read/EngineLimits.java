package io.sallyport.config.read;

import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Position;
import io.sallyport.crypto.suite.SignatureRules;
import io.sallyport.model.sa.PolicyEntry;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.PeerSpec;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.child.HookSpec;
import io.sallyport.model.spec.child.MarkSpec;
import io.sallyport.model.spec.child.PacketSpec;
import io.sallyport.model.spec.child.PolicySpec;
import io.sallyport.model.spec.ike.HandshakeSpec;
import java.util.ArrayList;
import java.util.List;

/// What the dialects can say and our engine cannot do yet. This is the one place that refuses it: a
/// line goes with each feature that arrives.
public final class EngineLimits {
    private static final List<String> EAP_METHODS = List.of("", "tls", "mschapv2", "md5", "gtc");

    private final ConnectionSpec c;
    private final List<String> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private EngineLimits(ConnectionSpec c) {
        this.c = c;
    }

    /// Tells what is asked for in vain; returns why `c` cannot run at all, empty if it can.
    public static List<String> errors(ConnectionSpec c, Findings findings) {
        EngineLimits limits = new EngineLimits(c);
        if (c.negotiates()) {
            limits.ike();
            limits.end("local", c.local());
            limits.end("remote", c.remote());
        }
        c.children().forEach(limits::child);
        for (String warning : limits.warnings) {
            findings.warning(Position.of(c.origin()), "conn " + c.name() + " " + warning);
        }
        return List.copyOf(limits.errors);
    }

    private void ike() {
        boolean bundle =
                c.children().stream()
                        .flatMap(child -> child.proposals().stream())
                        .anyMatch(p -> !p.outer().isEmpty());
        if (bundle && c.ike().version() != IkeVersion.IKEV1) {
            errors.add("wants AH round ESP, which IKEv2 has no way to negotiate");
        }
        if (c.ike().handshake().aggressive()) {
            errors.add(
                    "asks for aggressive mode, which shows a hash of the key to everybody on the"
                            + " way; use main mode");
        }
        boolean addressing = !c.addressing().asked().isEmpty() || !c.addressing().pools().isEmpty();
        if (addressing && c.ike().version() == IkeVersion.IKEV1) {
            errors.add(
                    "asks for virtual addresses over IKEv1 (mode config), which arrives in a later"
                            + " release; use IKEv2");
        }
        if (c.ike().path().dscp() != 0) {
            warnings.add("asks for a DSCP: IKE packets are not marked");
        }
        if (!c.addressing().pull()) {
            warnings.add("says pull = no, which is mode config of IKEv1; it arrives later");
        }
        handshake(c.ike().handshake());
        if (c.ike().version() == IkeVersion.IKEV1
                && (c.local().auth() instanceof AuthSpec.Psk
                                && c.remote().auth() instanceof AuthSpec.Pubkey
                        || c.local().auth() instanceof AuthSpec.Pubkey
                                && c.remote().auth() instanceof AuthSpec.Psk)) {
            // RFC 2409, 5: the method is an attribute of the transform, and there is one
            errors.add(
                    "authenticates one end by psk and the other by pubkey, and IKEv1 has one method"
                            + " for both; say version = 2 (keyexchange=ikev2), or the same of both"
                            + " ends");
        }
    }

    /// What IKEv1 has not, and must not be let in without.
    private void handshake(HandshakeSpec handshake) {
        if (c.ike().version() == IkeVersion.IKEV2) {
            return;
        }
        if (handshake.ppk().required()) {
            errors.add("says ppk_required, which IKEv1 does not know; say version = 2");
        } else if (handshake.ppk().isSet()) {
            warnings.add("says ppk_id, which IKEv1 does not know");
        }
        if (handshake.resumption()) {
            warnings.add("says session_resumption, which IKEv1 does not know: it is ignored");
        }
        if (handshake.childless() == HandshakeSpec.Childless.FORCE) {
            errors.add("says childless = force, which IKEv1 does not know; say version = 2");
        }
    }

    private void end(String which, PeerSpec end) {
        if (end.auth() instanceof AuthSpec.Eap eap && end.rounds().size() == 1) {
            eap(which, eap);
        } else if (end.auth() instanceof AuthSpec.Null && end.rounds().size() == 1) {
            nobody(which);
        } else if (end.rounds().size() > 1
                || end.rounds().stream()
                        .anyMatch(a ->
                                !(a instanceof AuthSpec.Psk || a instanceof AuthSpec.Pubkey))) {
            errors.add(
                    "authenticates its "
                            + which
                            + " end by more than one key (XAuth, a second round), which"
                            + " arrives in a later release; use psk or pubkey");
        }
        for (AuthSpec round : end.rounds()) {
            if (round instanceof AuthSpec.Pubkey p) {
                signature(which, p);
            }
        }
        if (end.port() != PeerSpec.IKE_PORT) {
            errors.add("has " + which + " port " + end.port() + "; IKE uses ports 500 and 4500");
        }
        if (end.addresses().size() > 1
                || end.address() instanceof AddressSpec.Within && which.equals("local")) {
            errors.add("has several " + which + " addresses: one address, one name or %any");
        }
    }

    /// RFC 7619: what a peer calls itself that proves nothing decides nothing.
    private void nobody(String which) {
        PeerSpec other = which.equals("local") ? c.remote() : c.local();
        if (c.ike().version() != IkeVersion.IKEV2) {
            errors.add("says auth = null, which is IKEv2's; say version = 2");
        }
        if (other.auth() instanceof AuthSpec.Eap) {
            errors.add("says auth = null for one end, and EAP for the other");
        }
        if (which.equals("local")) {
            return;
        }
        HandshakeSpec.Unique unique = c.ike().handshake().unique();
        if (unique == HandshakeSpec.Unique.REPLACE || unique == HandshakeSpec.Unique.KEEP) {
            errors.add(
                    "takes peers that nobody authenticated (auth = null), who cannot be told apart:"
                            + " use unique = never");
        }
        if (!c.addressing().pools().isEmpty()) {
            errors.add("lends addresses to peers that nobody authenticated (auth = null)");
        }
        warnings.add(
                "takes whoever comes for its peer (auth = null, RFC 7619): that protects against"
                        + " those who only listen");
    }

    private void eap(String which, AuthSpec.Eap eap) {
        PeerSpec other = which.equals("local") ? c.remote() : c.local();
        if (c.ike().version() == IkeVersion.IKEV1) {
            errors.add("authenticates by EAP, which is IKEv2's; say version = 2");
        }
        if (!EAP_METHODS.contains(eap.method()) || eap.vendor() != 0) {
            errors.add(
                    "authenticates its "
                            + which
                            + " end by eap-"
                            + eap.method()
                            + ", which we do not have: eap-tls, eap-mschapv2, eap-md5,"
                            + " eap-gtc");
        }
        boolean tls = eap.method().equals("tls");
        if (other.auth() instanceof AuthSpec.Eap also) {
            // RFC 7296, 2.16: the responder proves itself by its key, before EAP; RFC 5998, 4: not
            // with methods that authenticate both ends, leave a key and withstand guessing
            if (!tls || !also.method().equals("tls")) {
                errors.add(
                        "authenticates both ends by EAP, which only eap-tls may: one of them needs"
                                + " a key");
            }
            return;
        }
        if (tls && which.equals("remote") && !(other.auth() instanceof AuthSpec.Pubkey)) {
            errors.add(
                    "demands eap-tls of its peer, and has no certificate to show in TLS: use auth ="
                            + " pubkey for our own end");
        }
        if (!tls && (!eap.server().isAny() || !eap.trust().equals(TrustSpec.ANY))) {
            errors.add(
                    "demands something of certificates in EAP (aaa_id, cacerts, groups): only"
                            + " eap-tls shows some");
        }
        boolean leavesNoKey = eap.method().equals("md5") || eap.method().equals("gtc");
        boolean byKey = other.rounds().stream().allMatch(AuthSpec.Pubkey.class::isInstance);
        // RFC 7296, 2.16: EAP methods "MUST be used in conjunction with a
        // public-key-signature-based
        // authentication of the responder to the initiator"
        if (leavesNoKey && !byKey) {
            errors.add(
                    "uses eap-"
                            + eap.method()
                            + ", which leaves no key, with a gateway that does not prove itself by"
                            + " a certificate: who has the gateway's pre-shared key hears"
                            + " passwords; use auth = pubkey for the gateway");
        } else if (leavesNoKey) {
            warnings.add(
                    "uses eap-"
                            + eap.method()
                            + ", which leaves no key: who sits between the client and its password"
                            + " may pass it on (RFC 7296, 2.16); use eap-mschapv2");
        } else if (!byKey) {
            warnings.add(
                    "uses EAP with a gateway that proves itself by a pre-shared key (RFC 7296, 2.16"
                            + " demands a certificate): each of its clients can pose as the"
                            + " gateway, and whoever asks may guess at the key");
        }
    }

    private void signature(String which, AuthSpec.Pubkey round) {
        if (!round.trust().groups().isEmpty()) {
            errors.add("demands groups, and attribute certificates are not read");
        }
        String unknown = SignatureRules.of(round.trust().schemes()).unknown();
        if (!unknown.isEmpty()) {
            errors.add("auth: '" + unknown + "' is no kind of key, length or hash that is known");
        }
    }

    private void child(ChildSpec child) {
        String name = "child " + child.name() + ": ";
        if (child.mode() == Mode.BEET
                && child.negotiates()
                && c.ike().version() != IkeVersion.IKEV2) {
            errors.add(
                    name
                            + "mode beet has no number in IKEv1; say version = 2, or give manual"
                            + " keys");
        }
        if (child.mode() == Mode.BEET && child.negotiates() && !child.selectors().isHostToHost()) {
            errors.add(name + "mode beet takes one address on each side, not " + child.selectors());
        }
        if (!child.mode().protects()
                && (child.selectors().local().isEmpty() || child.selectors().remote().isEmpty())) {
            errors.add(name + "what passes or is dropped must be written down on both sides");
        }
        PolicySpec policy = child.options().policy();
        if (policy.priority() > PolicyEntry.LAST_PRIORITY) {
            errors.add(name + "priority " + policy.priority() + "; 1 to 65535, or 0");
        }
        if (policy.reqid() != 0) {
            warnings.add(name + "reqid is ignored: our policies need no such number");
        }
        if (!policy.install()) {
            errors.add(name + "Sallyport installs the policies itself");
        }
        if (!policy.marks().equals(MarkSpec.NONE)) {
            errors.add(
                    name
                            + "marks and interface ids bind no interface: an aws-updown.sh line as"
                            + " updown names one");
        }
        if (!policy.label().isEmpty() || !policy.device().isEmpty()) {
            errors.add(name + "policies for one interface or label arrive in a later release");
        }
        HookSpec hook = child.options().hook();
        if (hook.hostAccess() && !hook.isSet()) {
            warnings.add(name + "hostaccess is ignored: there is no updown to be told");
        }
        if (hook.isFirewall()) {
            warnings.add(name + "updown is ignored: Sallyport changes no firewall rules");
        }
        packets(name, child.options().packets());
    }

    private void packets(String name, PacketSpec packets) {
        if (packets.tfcPadding() != 0 && c.ike().version() == IkeVersion.IKEV1) {
            warnings.add(
                    name
                            + "tfc_padding: IKEv1 cannot ask whether the peer takes padding (RFC"
                            + " 4303, 2.7 wants that); make sure that it does");
        }
        if (packets.ipComp() && c.ike().version() == IkeVersion.IKEV1) {
            warnings.add(
                    name
                            + "IPComp is negotiated in IKEv2 only; with IKEv1 traffic goes"
                            + " uncompressed");
        }
    }
}
