package io.sallyport.config.lower;

import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.config.syntax.Values;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.ProposalText;
import io.sallyport.crypto.suite.ProposalText.Parsed;
import io.sallyport.model.spec.IkeVersion;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// `ike=` and `esp=` to proposals.
///
/// Only what is named is offered and accepted, as if strongSwan's `!` stood behind it: its added
/// defaults name no PFS group, and RFC 2409, 5.5 lets quick mode have one group only.
public final class Proposals {
    private Proposals() {}

    /// What is said, else the defaults; IKEv1 has no AEAD. Empty after an error.
    public static Optional<List<IkeProposal>> ike(
            Optional<Setting> said, IkeVersion version, Findings findings) {
        boolean v1 = version == IkeVersion.IKEV1;
        List<IkeProposal> defaults =
                ProposalText.defaultIke().stream().filter(p -> !v1 || !isAead(p)).toList();
        if (said.isEmpty()) {
            return Optional.of(defaults);
        }
        Optional<List<IkeProposal>> named =
                named(said.get(), text -> ProposalText.ike(text, defaults), findings);
        if (v1 && named.isPresent() && named.get().stream().anyMatch(Proposals::isAead)) {
            findings.error(
                    said.get().at(),
                    said.get().key()
                            + ": an AEAD belongs to IKEv2; in IKEv1 write a cipher and a hash, e.g."
                            + " aes256-sha256-modp2048");
            return Optional.empty();
        }
        return named;
    }

    /// Nothing said, where strongSwan's word `default` stands alone.
    public static Optional<Setting> named(Setting said) {
        return said.value().strip().equals("default") ? Optional.empty() : Optional.of(said);
    }

    private static boolean isAead(IkeProposal proposal) {
        return proposal.integrity().isEmpty();
    }

    /// What is said, else the defaults, which have no PFS. Empty after an error.
    public static Optional<List<EspProposal>> esp(
            Optional<Setting> said, IkeVersion version, Findings findings) {
        List<EspProposal> defaults = ProposalText.defaultEsp();
        return said.isEmpty()
                ? Optional.of(defaults)
                : child(said.get(), text -> ProposalText.esp(text, defaults), version, findings);
    }

    /// What is said. Empty after an error.
    public static Optional<List<EspProposal>> ah(
            Setting said, IkeVersion version, Findings findings) {
        return child(said, ProposalText::ah, version, findings);
    }

    private static Optional<List<EspProposal>> child(
            Setting said,
            Function<String, Parsed<EspProposal>> parse,
            IkeVersion version,
            Findings findings) {
        Optional<List<EspProposal>> named = named(said, parse, findings);
        Set<List<Group>> groups = new HashSet<>();
        named.ifPresent(all -> all.forEach(p -> groups.add(p.groups())));
        if (version == IkeVersion.IKEV1
                && (groups.size() > 1 || groups.stream().anyMatch(g -> g.size() > 1))) {
            // RFC 2409, 5.5: "if a KE payload is sent, the attribute describing the Diffie-Hellman
            // group [...] MUST be included in every transform of every proposal"
            findings.warning(
                    said.at(),
                    said.key()
                            + ": IKEv1 has one PFS group a negotiation; as initiator the first one"
                            + " named is used");
        }
        return named;
    }

    private static <P> Optional<List<P>> named(
            Setting said, Function<String, Parsed<P>> parse, Findings findings) {
        return switch (parse.apply(said.value())) {
            case Parsed.Good<P>(List<P> proposals, boolean _) -> Optional.of(proposals);
            case Parsed.Bad<P>(String word, int offset, String why, String didYouMean) -> {
                findings.error(
                        said.at().right(offset),
                        said.key()
                                + ": "
                                + (word.isEmpty() ? "" : "'" + Values.shown(word) + "': ")
                                + why
                                + (didYouMean.isEmpty()
                                        ? ""
                                        : "; did you mean '" + didYouMean + "'?"));
                yield Optional.empty();
            }
        };
    }
}
