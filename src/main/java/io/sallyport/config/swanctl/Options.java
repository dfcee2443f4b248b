package io.sallyport.config.swanctl;

import static io.sallyport.config.swanctl.Option.Kind.FILE;
import static io.sallyport.config.swanctl.Option.Kind.IDENTITY;
import static io.sallyport.config.swanctl.Option.Kind.LIST;
import static io.sallyport.config.swanctl.Option.Kind.NUMBER;
import static io.sallyport.config.swanctl.Option.Kind.OCTETS;
import static io.sallyport.config.swanctl.Option.Kind.TEXT;
import static io.sallyport.config.swanctl.Option.Kind.TIME;
import static io.sallyport.config.swanctl.Option.Kind.TRUTH;
import static io.sallyport.config.swanctl.Option.Kind.WORD;

import io.sallyport.config.swanctl.Option.Fate;
import io.sallyport.config.swanctl.Option.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Every setting of strongSwan's swanctl.conf, in its order.
final class Options {
    private static final String MEDIATION = "the mediation extension is strongSwan's own";

    /// All, place by place.
    static final List<Option> ALL = new Options().table();

    private final List<Option> all = new ArrayList<>();
    private Place place = Place.CONNECTION;

    private Options() {}

    static List<Option> of(Place place) {
        return ALL.stream().filter(o -> o.place() == place).toList();
    }

    static Optional<Option> find(Place place, String key) {
        return of(place).stream().filter(o -> o.is(key)).findFirst();
    }

    private void used(String word, Kind kind, String otherwise, String meaning) {
        all.add(new Option(place, word, kind, otherwise, meaning, Fate.USED, ""));
    }

    private void refused(String word, Kind kind, String otherwise, String meaning, String why) {
        all.add(new Option(place, word, kind, otherwise, meaning, Fate.REFUSED, why));
    }

    private void ignored(String word, Kind kind, String otherwise, String meaning, String why) {
        all.add(new Option(place, word, kind, otherwise, meaning, Fate.IGNORED, why));
    }

    private List<Option> table() {
        connection();
        rounds();
        child();
        childPolicies();
        credentials();
        manual();
        return List.copyOf(all);
    }

    private void connection() {
        place = Place.CONNECTION;
        used(
                "version",
                NUMBER,
                "0",
                "1: IKEv1, 2: IKEv2, 0: IKEv2 as initiator, either as responder");
        used(
                "local_addrs",
                LIST,
                "%any",
                "our addresses, names, networks or ranges; the first that is no network is used to call");
        used(
                "remote_addrs",
                LIST,
                "%any",
                "the peer's addresses, names, networks or ranges; the first that is no network is called");
        used(
                "local_port",
                NUMBER,
                "500",
                "our UDP port for IKE; with 500 it changes to 4500 behind a NAT");
        used("remote_port", NUMBER, "500", "the peer's UDP port for IKE");
        used(
                "proposals",
                LIST,
                "default",
                "algorithms for the IKE SA; only what is named is offered and accepted");
        used("vips", LIST, "", "virtual addresses to ask for; 0.0.0.0 and :: mean any");
        used("aggressive", TRUTH, "no", "IKEv1's aggressive mode");
        used(
                "pull",
                TRUTH,
                "yes",
                "IKEv1: the client asks for its virtual address; no: it is pushed");
        used("dscp", TEXT, "000000", "DSCP of our IKE packets, six binary digits");
        used("encap", TRUTH, "no", "ESP in UDP even where no NAT is seen");
        used(
                "tcp",
                WORD,
                "no",
                "ours: IKE and ESP in a TCP connection (RFC 9329) when we begin: yes, no, fallback:"
                        + " where UDP has no answer");
        used("tcp_port", NUMBER, "4500", "ours: the peer's TCP port");
        used("mobike", TRUTH, "yes", "addresses may change under an IKEv2 SA (RFC 4555)");
        used(
                "dpd_delay",
                TIME,
                "0s",
                "silence after which the peer is asked whether it lives; 0: never");
        used(
                "dpd_timeout",
                TIME,
                "0s",
                "IKEv1: silence after which the peer is dead; 0: 150 s, but longer than dpd_delay. IKEv2 counts retransmissions");
        used("fragmentation", WORD, "yes", "IKE fragmentation: yes, accept, force, no");
        used(
                "childless",
                WORD,
                "allow",
                "IKE SAs without a child (RFC 6023): allow, prefer, force, never");
        used("send_certreq", TRUTH, "yes", "the peer is told which CAs we trust");
        used("send_cert", WORD, "ifasked", "our certificate is sent: always, never, ifasked");
        used(
                "ocsp",
                WORD,
                "reply",
                "OCSP inside IKE (RFC 4806): request and both ask the peer for it; reply, never. We send none ourselves");
        used("ppk_id", TEXT, "", "the post-quantum pre-shared key to use (RFC 8784)");
        used("ppk_required", TRUTH, "no", "without that key there is no connection");
        used(
                "session_resumption",
                TRUTH,
                "no",
                "IKEv2: a gateway gives tickets, and a client whose gateway was gone resumes its IKE SA by one, without a key exchange and without proving itself anew (RFC 5723); strongSwan has no such setting");
        used(
                "keyingtries",
                NUMBER,
                "1",
                "how often the first message is tried with all its retransmissions; 0: for ever");
        used("unique", WORD, "no", "IKE SAs with the same peer: never, no, keep, replace");
        used("reauth_time", TIME, "0s", "after so long the peers authenticate anew; 0: never");
        used(
                "rekey_time",
                TIME,
                "4h",
                "after so long the IKE SA is rekeyed; 0: never. With reauth_time it is 0 unless said");
        used(
                "over_time",
                TIME,
                "[10% of rekey_time or reauth_time]",
                "how long after that it ends if nothing came of it");
        used(
                "rand_time",
                TIME,
                "[over_time]",
                "both times are made earlier by a random part of this");
        used("pools", LIST, "", "pools that virtual addresses for the peer are taken from");
        used("if_id_in", TEXT, "0", "default of the children's if_id_in");
        used("if_id_out", TEXT, "0", "default of the children's if_id_out");
        refused("mediation", TRUTH, "no", "this is a connection to a mediation server", MEDIATION);
        refused("mediated_by", TEXT, "", "the mediation connection to use", MEDIATION);
        refused(
                "mediation_peer",
                IDENTITY,
                "",
                "our peer's identity at the mediation server",
                MEDIATION);
    }

    private void rounds() {
        place = Place.LOCAL;
        used("round", NUMBER, "0", "rounds of authentication are sorted by it");
        used("certs", LIST, "", "our certificates: files in x509, or absolute");
        used("pubkeys", LIST, "", "our raw public keys: files in pubkey, or absolute");
        used(
                "auth",
                WORD,
                "pubkey",
                "how we prove who we are: psk, pubkey, eap, eap-METHOD, null (not at all, RFC 7619; strongSwan has no such word), xauth, and signature schemes as rsa-sha256 or ike:rsa/pss-sha256");
        used("id", IDENTITY, "[the certificate's subject, else the address]", "our IKE identity");
        used("eap_id", IDENTITY, "[id]", "our identity in EAP");
        used(
                "aaa_id",
                IDENTITY,
                "[the peer's id]",
                "the identity that the server's certificate in EAP must have");
        used("xauth_id", IDENTITY, "[id]", "our user name in XAuth");
        place = Place.REMOTE;
        used("round", NUMBER, "0", "rounds of authentication are sorted by it");
        used(
                "id",
                IDENTITY,
                "%any",
                "the IKE identity that the peer must prove; * stands for anything");
        used(
                "eap_id",
                IDENTITY,
                "[id]",
                "the identity that the peer must have in EAP; %any: it is asked");
        used("groups", LIST, "", "the peer must be in one of these groups");
        used(
                "cert_policy",
                LIST,
                "",
                "its certificate must have one of these policies (object identifiers)");
        used("certs", LIST, "", "it must have one of these certificates");
        used(
                "cacerts",
                LIST,
                "",
                "one of these CAs must have signed for it: files in x509ca, or absolute");
        used("ca_id", IDENTITY, "", "a CA with this subject must be in its chain");
        used("pubkeys", LIST, "", "it must have one of these raw public keys");
        used(
                "revocation",
                WORD,
                "relaxed",
                "strict: revocation must be known; ifuri: it must where there is a place to ask; relaxed: it need not");
        used("auth", WORD, "pubkey", "how the peer must prove who it is; see local");
        place = Place.CERTIFICATE;
        used("file", FILE, "", "the certificate's file, absolute");
        used("handle", TEXT, "", "CKA_ID of the certificate on a PKCS#11 token, hexadecimal");
        onToken();
    }

    private void child() {
        place = Place.CHILD;
        used(
                "ah_proposals",
                LIST,
                "",
                "algorithms for AH, in place of ESP; with esp_proposals said: round ESP");
        used(
                "esp_proposals",
                LIST,
                "default",
                "algorithms for ESP; only what is named is offered and accepted");
        refused(
                "sha256_96",
                TRUTH,
                "no",
                "SHA-256 cut to 96 bits",
                "the draft's truncation is not supported; RFC 4868 is");
        used(
                "local_ts",
                LIST,
                "dynamic",
                "our networks: NETWORK, RANGE or dynamic (our address), each with [protocol/port]");
        used("remote_ts", LIST, "dynamic", "the peer's networks, likewise");
        used(
                "rekey_time",
                TIME,
                "[1h, or life_time - 10%]",
                "after so long the child is rekeyed; 0: never");
        used("life_time", TIME, "[rekey_time + 10%]", "then it ends");
        used(
                "rand_time",
                TIME,
                "[life_time - rekey_time]",
                "rekey_time is made earlier by a random part of this");
        used(
                "rekey_bytes",
                OCTETS,
                "[0, or life_bytes - 10%]",
                "after so many octets it is rekeyed; 0: without limit");
        used(
                "life_bytes",
                OCTETS,
                "[rekey_bytes + 10%]",
                "then it ends; the distance to rekey_bytes is the share that rekey_time has");
        ignored(
                "rand_bytes",
                OCTETS,
                "[life_bytes - rekey_bytes]",
                "rekey_bytes is made smaller by a random part of this",
                "it is the share that rand_time has of life_time");
        used(
                "rekey_packets",
                NUMBER,
                "[0, or life_packets - 10%]",
                "after so many packets it is rekeyed; 0: without limit");
        used("life_packets", NUMBER, "[rekey_packets + 10%]", "then it ends; see life_bytes");
        ignored(
                "rand_packets",
                NUMBER,
                "[life_packets - rekey_packets]",
                "rekey_packets is made smaller by a random part of this",
                "it is the share that rand_time has of life_time");
        used(
                "updown",
                TEXT,
                "",
                "a command that is told when the child comes and goes (docs/updown.md); AWS's aws-updown.sh is understood without running it");
        used("hostaccess", TRUTH, "no", "told to the updown command");
        used("mode", WORD, "tunnel", "tunnel, transport, beet, pass, drop");
        used("start_action", WORD, "none", "at load: none, trap, start, trap|start");
        used("dpd_action", WORD, "clear", "when the peer is dead: clear, trap, restart");
        used("close_action", WORD, "none", "when the peer closes it: none, trap, start");
        used("ipcomp", TRUTH, "no", "compression (RFC 3173)");
        used("inactivity", TIME, "0s", "without traffic for so long it is closed; 0: never");
    }

    private void childPolicies() {
        used("policies", TRUTH, "yes", "policies lead traffic to the child");
        ignored(
                "policies_fwd_out",
                TRUTH,
                "no",
                "forward policies in the kernel",
                "our data plane has no forward policies");
        used("reqid", NUMBER, "0", "a fixed number in the kernel; 0: any");
        used("priority", NUMBER, "0", "of the policies, smaller first; 0: computed");
        used("interface", TEXT, "", "the policies hold on this interface only");
        used(
                "mark_in",
                TEXT,
                "0/0x00000000",
                "mark of inbound traffic: VALUE/MASK, %unique, %unique-dir");
        used("mark_in_sa", TRUTH, "no", "the inbound SA has that mark, too");
        used("mark_out", TEXT, "0/0x00000000", "mark of outbound traffic");
        used(
                "set_mark_in",
                TEXT,
                "0/0x00000000",
                "mark given to packets after decryption, also %same");
        used(
                "set_mark_out",
                TEXT,
                "0/0x00000000",
                "mark given to packets after encryption, also %same");
        used(
                "if_id_in",
                TEXT,
                "0",
                "XFRM interface of inbound traffic: number, %unique, %unique-dir");
        used("if_id_out", TEXT, "0", "XFRM interface of outbound traffic");
        used("label", TEXT, "", "security label");
        refused(
                "label_mode",
                WORD,
                "system",
                "what the label means: system, simple, selinux",
                "labels are compared as they are; leave it out");
        used("tfc_padding", TEXT, "0", "inner packets are padded to so many octets, or to mtu");
        tfcRate();
        used("replay_window", NUMBER, "32", "packets; 0: no protection against replay");
        refused(
                "per_cpu_sas",
                WORD,
                "no",
                "one SA for each CPU (RFC 9611)",
                "one SA carries a child");
        ignored(
                "hw_offload",
                WORD,
                "no",
                "let the network card do it",
                "our data plane is in user space");
        outerPacket();
        used("copy_ecn", TRUTH, "yes", "congestion marks are carried over (RFC 6040)");
        used("copy_dscp", WORD, "out", "DSCP is carried over: out, in, yes, no");
        ignored(
                "icmp",
                TRUTH,
                "no",
                "ICMP errors about tunnelled packets pass",
                "ICMP errors pass where the selectors let them");
    }

    /// Sallyport's own: SAs that a person keys (docs/decisions/0008).
    private void manual() {
        place = Place.MANUAL;
        used("local_addr", TEXT, "", "our address");
        used("remote_addr", TEXT, "", "the peer's address");
        used("mode", WORD, "tunnel", "tunnel, transport, beet");
        used("esp", TEXT, "", "algorithms of ESP, e.g. aes256-sha256");
        used("ah", TEXT, "", "algorithm of AH, e.g. sha256; with esp: round ESP");
        used("esn", TRUTH, "no", "sequence numbers of 64 bits (RFC 4304)");
        used("encap", TRUTH, "no", "ESP in UDP, port 4500 to port 4500");
        used("local_ts", LIST, "[local_addr]", "our networks, as in a child");
        used("remote_ts", LIST, "[remote_addr]", "the peer's networks, likewise");
        used(
                "replay_window",
                NUMBER,
                "0",
                "packets; 0: no protection against replay, which manual keys do not allow across a restart (RFC 4303, 5)");
        used(
                "nonce_reuse",
                WORD,
                "refused",
                "accepted: a cipher whose nonces are counted may be used, although a restart repeats them");
        used("priority", NUMBER, "0", "of the policy, smaller first; 0: by longest match");
        used("tfc_padding", TEXT, "0", "inner packets are padded to so many octets, or to mtu");
        tfcRate();
        outerPacket();
        used("copy_ecn", TRUTH, "yes", "congestion marks are carried over (RFC 6040)");
        used("copy_dscp", WORD, "out", "DSCP is carried over: out, in, yes, no");
        halves();
        place = Place.MODULE;
        used("path", FILE, "", "ours: the module's library, absolute");
    }

    private void halves() {
        place = Place.MANUAL_HALF;
        used("esp_spi", TEXT, "", "number of the SA: 0x and hexadecimal, or decimal, from 256 on");
        used("esp_encryption_key", TEXT, "", "0x and hexadecimal, its salt or nonce behind it");
        used("esp_integrity_key", TEXT, "", "0x and hexadecimal; none with an AEAD");
        used("ah_spi", TEXT, "", "number of the SA of AH");
        used("ah_integrity_key", TEXT, "", "0x and hexadecimal");
        used(
                "sequence",
                TEXT,
                "0",
                "number of the last packet that was sent with these keys before");
    }

    private void tfcRate() {
        used(
                "tfc_rate",
                NUMBER,
                "0",
                "ours: so many packets a second leave at least on the SA, 1 to 1000; what is missing are"
                        + " dummy packets (RFC 4303, 2.6); 0: none");
    }

    private void outerPacket() {
        used(
                "copy_df",
                WORD,
                "no",
                "the outer header has the inner one's DF bit: yes, no; ours: set (always DF)."
                        + " strongSwan's default is yes; ours waits for probes of the path");
        used(
                "fragment",
                WORD,
                "before",
                "ours: what is too large, and may be cut, is cut before or after encryption");
    }

    private void onToken() {
        used("slot", NUMBER, "", "the token's slot; without: that of whichever token has it");
        used(
                "module",
                TEXT,
                "",
                "the PKCS#11 module: a section of pkcs11, or ours: an absolute path; without: any of"
                        + " pkcs11");
    }

    private void credentials() {
        place = Place.SHARED;
        used("secret", TEXT, "", "the secret: text, 0x and hexadecimal, or 0s and base64");
        used("id<suffix>", IDENTITY, "", "whose it is; without any: everybody's");
        place = Place.KEY;
        used("file", FILE, "", "the key's file, in the directory that has the section's name");
        used("secret", TEXT, "", "its passphrase");
        place = Place.TOKEN;
        used("handle", TEXT, "", "CKA_ID of the private key on the token, hexadecimal");
        onToken();
        used("pin", TEXT, "", "its PIN; without one the key must be for everybody to use");
        place = Place.POOL;
        used("addrs", LIST, "", "NETWORK or FIRST-LAST that addresses are lent from");
        for (String word : List.of("dns", "nbns", "dhcp", "netmask", "server")) {
            used(word, LIST, "", "addresses that clients are told as " + word);
        }
        for (String word : List.of("subnet", "split_include", "split_exclude")) {
            used(word, LIST, "", "networks that clients are told as " + word);
        }
        place = Place.AUTHORITY;
        used("cacert", FILE, "", "the CA's certificate: a file in x509ca, or absolute");
        used("file", FILE, "", "the CA's certificate, absolute");
        used("handle", TEXT, "", "CKA_ID of the CA's certificate on a token, hexadecimal");
        onToken();
        used("crl_uris", LIST, "", "where its revocation lists are");
        used("ocsp_uris", LIST, "", "where its OCSP responders are");
        used(
                "cert_uri_base",
                TEXT,
                "",
                "where certificates of it are found by their hash (RFC 7296, 3.6)");
    }
}
