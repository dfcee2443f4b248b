package io.sallyport.config.ipsecconf;

import static io.sallyport.config.ipsecconf.Keyword.Fate.IGNORED;
import static io.sallyport.config.ipsecconf.Keyword.Fate.MISSED;
import static io.sallyport.config.ipsecconf.Keyword.Fate.REFUSED;
import static io.sallyport.config.ipsecconf.Keyword.Fate.REMOVED;
import static io.sallyport.config.ipsecconf.Keyword.Fate.USED;
import static io.sallyport.config.ipsecconf.Keyword.Place.CA;
import static io.sallyport.config.ipsecconf.Keyword.Place.CONN;
import static io.sallyport.config.ipsecconf.Keyword.Place.END;
import static io.sallyport.config.ipsecconf.Keyword.Place.SETUP;

import io.sallyport.config.syntax.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Every keyword of strongSwan 5.9's ipsec.conf, and those it once had: what becomes of each, and
/// why. Words of [Place#END] follow `left` or `right`.
public enum Keyword {
    UNIQUEIDS(SETUP, "uniqueids", USED, ""),
    CHARONDEBUG(SETUP, "charondebug", IGNORED, Why.LOG),
    CACHECRLS(SETUP, "cachecrls", IGNORED, Why.CERTIFICATES, "no"),
    STRICTCRLPOLICY(SETUP, "strictcrlpolicy", USED, ""),
    INTERFACES(SETUP, "interfaces", REMOVED, "each connection says its address by left="),
    DUMPDIR(SETUP, "dumpdir", REMOVED, Why.PLUTO),
    CHARONSTART(SETUP, "charonstart", REMOVED, Why.PLUTO),
    PLUTOSTART(SETUP, "plutostart", REMOVED, Why.PLUTO),
    KLIPSDEBUG(SETUP, "klipsdebug", REMOVED, Why.LOG),
    PLUTODEBUG(SETUP, "plutodebug", REMOVED, Why.LOG),
    PLUTOSTDERRLOG(SETUP, "plutostderrlog", REMOVED, Why.LOG),
    PREPLUTO(SETUP, "prepluto", REMOVED, Why.PLUTO),
    POSTPLUTO(SETUP, "postpluto", REMOVED, Why.PLUTO),
    FRAGICMP(SETUP, "fragicmp", REMOVED, Why.PLUTO),
    PACKETDEFAULT(SETUP, "packetdefault", REMOVED, Why.PLUTO),
    HIDETOS(SETUP, "hidetos", REMOVED, Why.PLUTO),
    OVERRIDEMTU(SETUP, "overridemtu", REMOVED, "the MTU is computed, or said by the tunnel"),
    CRLCHECKINTERVAL(SETUP, "crlcheckinterval", REMOVED, Why.CERTIFICATES),
    NOCRSEND(SETUP, "nocrsend", REMOVED, Why.CERTIFICATES),
    NAT_TRAVERSAL(SETUP, "nat_traversal", REMOVED, "NAT traversal is always on"),
    KEEP_ALIVE(SETUP, "keep_alive", REMOVED, "keepalives are sent every 20 s behind a NAT"),
    FORCE_KEEPALIVE(SETUP, "force_keepalive", REMOVED, Why.PLUTO),
    VIRTUAL_PRIVATE(SETUP, "virtual_private", REMOVED, Why.PLUTO),
    PKCS11MODULE(SETUP, "pkcs11module", REMOVED, Why.CERTIFICATES),
    PKCS11INITARGS(SETUP, "pkcs11initargs", REMOVED, Why.CERTIFICATES),
    PKCS11KEEPSTATE(SETUP, "pkcs11keepstate", REMOVED, Why.CERTIFICATES),
    PKCS11PROXY(SETUP, "pkcs11proxy", REMOVED, Why.CERTIFICATES),

    CACERT(CA, "cacert", USED, ""),
    CRLURI(CA, "crluri", USED, ""),
    CRLURI1(CA, "crluri1", USED, ""),
    CRLURI2(CA, "crluri2", USED, ""),
    OCSPURI(CA, "ocspuri", USED, ""),
    OCSPURI1(CA, "ocspuri1", USED, ""),
    OCSPURI2(CA, "ocspuri2", USED, ""),
    CERTURIBASE(CA, "certuribase", USED, ""),
    LDAPHOST(CA, "ldaphost", REMOVED, Why.CERTIFICATES),
    LDAPBASE(CA, "ldapbase", REMOVED, Why.CERTIFICATES),
    CA_AUTO(CA, "auto", USED, ""),
    CA_ALSO(CA, "also", USED, ""),

    ALSO(CONN, "also", USED, ""),
    AUTO(CONN, "auto", USED, ""),
    KEYEXCHANGE(CONN, "keyexchange", USED, ""),
    TYPE(CONN, "type", USED, ""),
    AUTHBY(CONN, "authby", USED, ""),
    IKE(CONN, "ike", USED, ""),
    ESP(CONN, "esp", USED, ""),
    IKELIFETIME(CONN, "ikelifetime", USED, ""),
    LIFETIME(CONN, "lifetime", USED, ""),
    MARGINTIME(CONN, "margintime", USED, ""),
    REKEYFUZZ(CONN, "rekeyfuzz", USED, ""),
    REKEY(CONN, "rekey", USED, ""),
    LIFEBYTES(CONN, "lifebytes", USED, ""),
    LIFEPACKETS(CONN, "lifepackets", USED, ""),
    KEYINGTRIES(CONN, "keyingtries", USED, ""),
    DPDACTION(CONN, "dpdaction", USED, ""),
    DPDDELAY(CONN, "dpddelay", USED, ""),
    DPDTIMEOUT(CONN, "dpdtimeout", USED, ""),
    CLOSEACTION(CONN, "closeaction", USED, ""),
    FORCEENCAPS(CONN, "forceencaps", USED, ""),
    REPLAY_WINDOW(CONN, "replay_window", USED, ""),
    COPY_DF(CONN, "copy_df", USED, ""),
    FRAGMENT(CONN, "fragment", USED, ""),
    MARK(CONN, "mark", USED, ""),
    MARK_IN(CONN, "mark_in", USED, ""),
    MARK_OUT(CONN, "mark_out", USED, ""),
    AH(CONN, "ah", USED, ""),
    AGGRESSIVE(
            CONN,
            "aggressive",
            REFUSED,
            "aggressive mode shows a hash of the key to everybody on the way; use main mode",
            "no"),
    INSTALLPOLICY(CONN, "installpolicy", REFUSED, "Sallyport installs the policies itself", "yes"),
    COMPRESS(CONN, "compress", USED, ""),
    SHA256_96(
            CONN,
            "sha256_96",
            REFUSED,
            "the draft's 96-bit truncation of SHA-256 is not supported; RFC 4868 is",
            "no"),
    MEDIATION(CONN, "mediation", REFUSED, Why.MEDIATION, "no"),
    MEDIATED_BY(CONN, "mediated_by", REFUSED, Why.MEDIATION),
    ME_PEERID(CONN, "me_peerid", REFUSED, Why.MEDIATION),
    XAUTH(CONN, "xauth", IGNORED, Why.XAUTH),
    XAUTH_IDENTITY(CONN, "xauth_identity", IGNORED, Why.XAUTH),
    MODECONFIG(CONN, "modeconfig", IGNORED, Why.MODE_CONFIG),
    REAUTH(CONN, "reauth", USED, ""),
    MARGINBYTES(CONN, "marginbytes", IGNORED, "octets have the margin's share of the time"),
    MARGINPACKETS(CONN, "marginpackets", IGNORED, "packets have the margin's share of the time"),
    INACTIVITY(CONN, "inactivity", USED, ""),
    REQID(CONN, "reqid", IGNORED, "our policies need no such number", "0"),
    TFC(CONN, "tfc", USED, ""),
    TFC_RATE(CONN, "tfc_rate", USED, ""),
    IKEDSCP(CONN, "ikedscp", IGNORED, "IKE packets are not marked", "000000"),
    FRAGMENTATION(CONN, "fragmentation", USED, ""),
    MOBIKE(CONN, "mobike", USED, ""),
    EAP_IDENTITY(CONN, "eap_identity", IGNORED, Why.EAP),
    AAA_IDENTITY(CONN, "aaa_identity", IGNORED, Why.EAP),
    EAP(CONN, "eap", REMOVED, Why.EAP),
    AUTH(CONN, "auth", REMOVED, "ESP it is"),
    PFS(CONN, "pfs", REMOVED, "a group in esp= turns PFS on, e.g. esp=aes128-sha256-modp2048"),
    PFSGROUP(CONN, "pfsgroup", REMOVED, "the group is named in esp="),

    HOST(END, "", USED, ""),
    ID(END, "id", USED, ""),
    END_AUTH(END, "auth", USED, ""),
    SUBNET(END, "subnet", USED, ""),
    PROTOPORT(END, "protoport", USED, ""),
    UPDOWN(END, "updown", USED, ""),
    IKEPORT(END, "ikeport", REFUSED, "IKE uses ports 500 and 4500", "500", "4500"),
    SOURCEIP(END, "sourceip", USED, ""),
    DNS(END, "dns", USED, ""),
    FIREWALL(END, "firewall", IGNORED, Why.FIREWALL, "no"),
    HOSTACCESS(END, "hostaccess", USED, ""),
    ALLOWANY(END, "allowany", MISSED, "only the named address is accepted", "no"),
    AUTH2(END, "auth2", REFUSED, "a second round of authentication needs IKEv2 or XAuth"),
    ID2(END, "id2", IGNORED, "there is no second round of authentication"),
    CERT(END, "cert", USED, ""),
    CERT2(END, "cert2", MISSED, Why.CERTIFICATES),
    SENDCERT(END, "sendcert", USED, ""),
    CERTPOLICY(END, "certpolicy", USED, ""),
    SIGKEY(END, "sigkey", MISSED, Why.CERTIFICATES),
    RSASIGKEY(END, "rsasigkey", MISSED, Why.CERTIFICATES),
    AUTHORITY(END, "ca", USED, ""),
    AUTHORITY2(END, "ca2", IGNORED, Why.CERTIFICATES),
    GROUPS(END, "groups", REFUSED, Why.GROUPS),
    GROUPS2(END, "groups2", REFUSED, Why.GROUPS),
    NEXTHOP(END, "nexthop", REMOVED, "the routing table knows the next hop"),
    NATIP(END, "natip", REMOVED, "see leftsourceip"),
    SUBNETWITHIN(END, "subnetwithin", REMOVED, "use leftsubnet; it is narrowed as needed");

    /// In which section a keyword lives.
    public enum Place {
        SETUP("config setup"),
        CONN("conn"),
        END("conn"),
        CA("ca");

        private final String section;

        Place(String section) {
            this.section = section;
        }

        @Override
        public String toString() {
            return section;
        }
    }

    /// What becomes of a keyword.
    public enum Fate {
        USED,
        /// Without effect, and harmless.
        IGNORED,
        /// Without effect, and somebody may miss it.
        MISSED,
        /// strongSwan 5 no longer has it.
        REMOVED,
        /// The connection is left out.
        REFUSED
    }

    private interface Why {
        String LOG = "what is logged is chosen on the command line";
        String PLUTO = "it has no effect in strongSwan 5 either";
        String CERTIFICATES =
                "of certificates an ipsec.conf says no more here than leftcert, leftca,"
                        + " leftcertpolicy and its ca sections; a swanctl.conf says the rest";
        String GROUPS = "attribute certificates are unknown here, so nobody would be in a group";
        String MODE_CONFIG =
                "addresses and DNS for clients (mode config) arrive in a later release";
        String XAUTH = "XAuth arrives in a later release";
        String EAP = "EAP is configured in a swanctl.conf (auth = eap)";
        String MEDIATION = "the mediation extension is not supported";
        String FIREWALL = "Sallyport changes no firewall rules; let ESP and UDP 500 and 4500 pass";
    }

    private final Place place;
    private final String word;
    private final Fate fate;
    private final String reason;
    private final List<String> harmless;

    Keyword(Place place, String word, Fate fate, String reason, String... harmless) {
        this.place = place;
        this.word = word;
        this.fate = fate;
        this.reason = reason;
        this.harmless = List.of(harmless);
    }

    /// The keyword that `key` (as written, e.g. `rightsubnet`, `keylife`) is in a section of
    /// `place`'s kind.
    static Optional<Keyword> find(Place place, String key) {
        String word = canonical(key);
        return Arrays.stream(values())
                .filter(k -> k.words().contains(word) && k.place.section.equals(place.section))
                .findFirst();
    }

    /// The same keyword under its current name: `keylife` is `lifetime`.
    static String canonical(String key) {
        return switch (key) {
            case "keylife" -> "lifetime";
            case "rekeymargin" -> "margintime";
            case "crluri1" -> "crluri";
            case "ocspuri1" -> "ocspuri";
            default -> key;
        };
    }

    /// All words that may stand in a section of `place`'s kind, for "did you mean".
    static List<String> words(Place place) {
        List<String> all = new ArrayList<>();
        for (Keyword k : values()) {
            if (k.place.section.equals(place.section)) {
                all.addAll(k.words());
            }
        }
        if (place == CONN || place == END) {
            all.add("keylife");
            all.add("rekeymargin");
        }
        return all;
    }

    /// The word, or its `left` and `right` forms.
    public List<String> words() {
        return place == END ? List.of("left" + word, "right" + word) : List.of(word);
    }

    public Place place() {
        return place;
    }

    public Fate fate() {
        return fate;
    }

    /// Why it is not used; empty for those that are.
    public String reason() {
        return reason;
    }

    /// Whether `value` asks for nothing that we do not do.
    boolean isHarmless(String value) {
        return harmless.contains(value);
    }

    Severity severity() {
        return switch (fate) {
            case USED, IGNORED -> Severity.NOTE;
            case MISSED, REMOVED -> Severity.WARNING;
            case REFUSED -> Severity.ERROR;
        };
    }

    /// What a person is told who wrote `key`.
    String message(String key) {
        return switch (fate) {
            case USED -> key + " is used";
            case IGNORED, MISSED -> key + " is ignored: " + reason;
            case REMOVED -> key + " was removed from strongSwan and is ignored: " + reason;
            case REFUSED -> key + " is refused: " + reason;
        };
    }
}
