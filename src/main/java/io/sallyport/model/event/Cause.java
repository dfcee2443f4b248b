package io.sallyport.model.event;

import java.util.Locale;

/// What kind of failure it was: what a person does next goes by it.
public enum Cause {
    NO_CONNECTION(
            "no connection of ours is for this peer",
            "Add a connection for this pair of addresses, or widen the addresses of one that is"
                    + " there."),
    NO_PROPOSAL(
            "the two ends have no proposal in common",
            "Compare the proposals of both ends: one of them has to be the same on both, and the"
                    + " group (DH, PFS) is a part of it."),
    KEY_EXCHANGE(
            "the two ends do not find a key exchange",
            "Name a group that the peer takes in the proposals here, or one of ours there."),
    SELECTORS(
            "the two ends want other traffic protected",
            "Let the selectors mirror each other: what is local here is remote there, and the mode"
                    + " (tunnel, transport) is the same."),
    SECRET(
            "the pre-shared keys differ, or a proof is wrong",
            "Compare the key on both ends, octet by octet. It is chosen by the identities: with"
                    + " other identities than the peer has in mind, another key is used."),
    IDENTITY(
            "the peer has another identity than is wanted here",
            "Let the remote identity here be what the peer says it is, type and all, or change what"
                    + " the peer says."),
    CERTIFICATE(
            "a signature or certificate is not taken",
            "See the verdict: it names the certificate, and what is wrong with it."),
    METHOD(
            "the two ends want another way of proof",
            "Let both ends name one way of authentication: pre-shared key, or public key with"
                    + " signature schemes that both know."),
    NOT_BELIEVED(
            "the peer does not take our proof",
            "It must not tell us why: its own log does. Mostly it expects another identity of us,"
                    + " has another pre-shared key, or does not trust our certificate."),
    ADDRESSES(
            "a virtual address was asked for and not given",
            "See that the pool has addresses left, and that both ends want one of the same family."),
    SILENCE(
            "the peer does not answer",
            "See that the peer runs and is meant to answer this address, and that UDP 500 and 4500"
                    + " pass both ways. Many peers are silent to whom they do not know."),
    UNFINISHED(
            "the peer began and did not go on",
            "Its log says why. Either it did not take what we answered, or our answer does not"
                    + " reach it: a long one goes in fragments, which some firewalls drop."),
    LOOKUP(
            "the peer's name or our address was not found",
            "See that the name resolves here and that there is a route to the peer."),
    OURSELVES(
            "what is configured here cannot be done",
            "Change what is said here: the peer has no part in it."),
    MALFORMED(
            "the peer sends what the protocol forbids",
            "Capture it with `sallyport capture` and show it to who made the peer."),
    GIVEN_UP(
            "all attempts were used up",
            "`sallyport up` begins again; `keyingtries = 0` never ends trying."),
    OTHER("an exchange failed", "");

    private final String summary;
    private final String advice;

    Cause(String summary, String advice) {
        this.summary = summary;
        this.advice = advice;
    }

    /// The name as it is spelled in JSON and over vici.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// Half a sentence without a full stop.
    public String summary() {
        return summary;
    }

    /// What to do; empty where nobody knows.
    public String advice() {
        return advice;
    }
}
