package io.sallyport.daemon.vici;

import io.sallyport.base.net.IpAddress;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.EspSuite;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.ProposalText;
import io.sallyport.model.command.ChildSaView;
import io.sallyport.model.command.IkeSaView;
import io.sallyport.model.sa.ChildSa;
import io.sallyport.model.sa.SaUsage;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// IKE and child SAs as sections, keys in charon's order. No key material: there is none in what it
/// is made of but in [ChildSa], of which only SPIs, suite, selectors and carriage are shown.
final class SaSections {
    private final Numbers numbers;
    private final Spelling spelling;

    SaSections(Numbers numbers, Spelling spelling) {
        this.numbers = numbers;
        this.spelling = spelling;
    }

    /// An IKE SA under its connection's name, with its children.
    ViciMessage whole(IkeSaView view, long now) {
        ViciMessage.Builder children = ViciMessage.with();
        for (ChildSaView child : view.children()) {
            children.section(name(child.sa()), child(child, now));
        }
        return ViciMessage.with()
                .section(
                        view.connection(),
                        ike(view, view.state(), now).section("child-sas", children.done()).done())
                .done();
    }

    /// charon tells the SAs of one child apart by their numbers.
    static String name(ChildSa sa) {
        return sa.owner().child() + "-" + sa.id();
    }

    static boolean isV2(IkeSaView view) {
        return isV2(view.keys());
    }

    static boolean isV2(IkeSaView.Keys keys) {
        return keys.version().equals("IKEv2");
    }

    /// Without the children.
    ViciMessage.Builder ike(IkeSaView view, String state, long now) {
        ViciMessage.Builder to = ViciMessage.with();
        to.put("uniqueid", numbers.ofIkeSa(view));
        to.put("version", isV2(view) ? 2 : 1);
        to.put("state", Spelling.ikeState(state));
        to.put("local-host", view.path().local().address().toString());
        to.put("local-port", view.path().local().port());
        to.put("local-id", view.peer().localId().isEmpty() ? "%any" : view.peer().localId());
        to.put("remote-host", view.path().remote().address().toString());
        to.put("remote-port", view.path().remote().port());
        to.put("remote-id", view.peer().remoteId().isEmpty() ? "%any" : view.peer().remoteId());
        to.flag("initiator", view.keys().initiator());
        to.put("initiator-spi", view.keys().initiatorSpi());
        to.put("responder-spi", view.keys().responderSpi());
        to.flag("nat-local", view.peer().natLocal());
        to.flag("nat-remote", view.peer().natRemote());
        to.flag("nat-any", view.peer().natLocal() || view.peer().natRemote());
        suite(view.keys().suite(), to);
        if (Spelling.ikeState(state).equals("ESTABLISHED")) {
            to.put("established", seconds(view.times().establishedNanos(), now));
            if (view.times().rekeyNanos() != Long.MAX_VALUE) {
                to.put("rekey-time", seconds(now, view.times().rekeyNanos()));
            }
        }
        vips("local-vips", view.vips().local(), to);
        vips("remote-vips", view.vips().remote(), to);
        return to;
    }

    private static void vips(String key, List<IpAddress> addresses, ViciMessage.Builder to) {
        if (!addresses.isEmpty()) {
            to.list(key, addresses.stream().map(IpAddress::toString).toList());
        }
    }

    private static void suite(String text, ViciMessage.Builder to) {
        if (ProposalText.ike(text) instanceof ProposalText.Parsed.Good<IkeProposal> good) {
            IkeProposal suite = good.proposals().getFirst();
            suite.ciphers().stream().findFirst().ifPresent(cipher -> cipher(cipher, to));
            suite.integrity().stream()
                    .filter(integrity -> integrity != Integrity.NONE)
                    .findFirst()
                    .ifPresent(integrity -> to.put("integ-alg", Spelling.integrity(integrity)));
            suite.prfs().stream()
                    .findFirst()
                    .ifPresent(prf -> to.put("prf-alg", Spelling.prf(prf)));
            suite.groups().stream()
                    .findFirst()
                    .ifPresent(group -> to.put("dh-group", Spelling.group(group)));
        }
    }

    private static void cipher(Cipher cipher, ViciMessage.Builder to) {
        to.put("encr-alg", Spelling.encryption(cipher.encryption()));
        if (cipher.encryption().hasKeyLength()) {
            to.put("encr-keysize", cipher.keyBits());
        }
    }

    ViciMessage child(ChildSaView view, long now) {
        return child(view, view.state(), now);
    }

    ViciMessage child(ChildSaView view, String state, long now) {
        ChildSa sa = view.sa();
        ViciMessage.Builder to = ViciMessage.with();
        to.put("name", sa.owner().child());
        to.put("uniqueid", sa.id());
        to.put("reqid", numbers.reqid(sa.owner()));
        to.put("state", Spelling.childState(state));
        to.put("mode", sa.handling().mode().name());
        to.put("protocol", sa.suite().isAh() ? "AH" : "ESP");
        to.flag("encap", sa.carriage().udp());
        to.put("spi-in", sa.inbound().spiText());
        to.put("spi-out", sa.outbound().spiText());
        transforms(sa.suite(), to);
        SaUsage usage = view.usage();
        to.put("bytes-in", usage.octetsIn());
        to.put("packets-in", usage.packetsIn());
        if (usage.lastInNanos() != SaUsage.NEVER) {
            to.put("use-in", seconds(usage.lastInNanos(), now));
        }
        to.put("bytes-out", usage.octetsOut());
        to.put("packets-out", usage.packetsOut());
        if (usage.lastOutNanos() != SaUsage.NEVER) {
            to.put("use-out", seconds(usage.lastOutNanos(), now));
        }
        if (view.rekeyNanos() != Long.MAX_VALUE) {
            to.put("rekey-time", seconds(now, view.rekeyNanos()));
        }
        if (view.expiryNanos() != Long.MAX_VALUE) {
            to.put("life-time", seconds(now, view.expiryNanos()));
        }
        to.put("install-time", seconds(view.establishedNanos(), now));
        to.list("local-ts", spelling.selectors(sa.selectors().local()));
        to.list("remote-ts", spelling.selectors(sa.selectors().remote()));
        return to.done();
    }

    private static void transforms(EspSuite suite, ViciMessage.Builder to) {
        if (!suite.isAh()) {
            cipher(suite.cipher(), to);
        }
        if (suite.integrity() != Integrity.NONE) {
            to.put("integ-alg", Spelling.integrity(suite.integrity()));
        }
        if (suite.group() != Group.NONE) {
            to.put("dh-group", Spelling.group(suite.group()));
        }
        if (suite.esn()) {
            to.put("esn", "1");
        }
    }

    private static long seconds(long from, long to) {
        return TimeUnit.NANOSECONDS.toSeconds(to - from);
    }
}
