package io.sallyport.config.ipsecconf;

import static io.sallyport.config.read.Texts.CONN;
import static io.sallyport.config.read.Texts.complaints;
import static io.sallyport.config.read.Texts.conf;
import static io.sallyport.config.read.Texts.connWith;
import static io.sallyport.config.read.Texts.messages;
import static io.sallyport.config.read.Texts.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sallyport.base.net.IpAddress;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.Reading;
import io.sallyport.config.syntax.Diagnostic;
import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.crypto.suite.ProposalText;
import io.sallyport.model.spec.Actions;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.model.spec.AuthSpec;
import io.sallyport.model.spec.AuthoritySpec;
import io.sallyport.model.spec.ChildSpec;
import io.sallyport.model.spec.ConnectionSpec;
import io.sallyport.model.spec.DpdSpec;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.IkeVersion;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.spec.LinkSpec;
import io.sallyport.model.spec.Mode;
import io.sallyport.model.spec.TrustSpec;
import io.sallyport.model.spec.child.HookSpec;
import io.sallyport.model.spec.ike.HandshakeSpec.CertificateExchange;
import io.sallyport.model.spec.ike.PathSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// strongSwan's dialect: what is accepted, with which defaults, and what is said of the rest.
class IpsecConfTest {
    @Test
    void aBareConnHasStrongSwansDefaults() {
        ConnectionSpec c = only(conf(CONN));
        ChildSpec child = c.children().getFirst();
        assertEquals(Duration.ofHours(3), c.ike().lifetime().life());
        assertEquals(Duration.ofHours(1), child.lifetime().life());
        assertEquals(Duration.ofMinutes(9), child.lifetime().margin());
        assertEquals(100, child.lifetime().fuzzPercent());
        assertTrue(child.lifetime().rekey());
        assertEquals(3, c.ike().keyingTries());
        assertEquals(DpdSpec.OFF, c.ike().dpd());
        assertTrue(c.ike().unique());
        assertFalse(c.ike().forceEncapsulation());
        assertTrue(c.ike().proposals().stream().noneMatch(p -> p.integrity().isEmpty()));
        assertEquals(ProposalText.defaultEsp(), child.proposals());
        assertEquals(Mode.TUNNEL, child.mode());
        assertEquals(32, child.replayWindow());
        assertEquals("dynamic === dynamic", child.selectors().toString());
        assertEquals(new LinkSpec.Shared(), child.link());
        assertEquals(
                new Actions(Actions.Start.NONE, Actions.Close.NONE, Actions.Dpd.NONE),
                child.actions());
        assertEquals(Identity.of(IpAddress.of("192.0.2.1")), c.local().identity());
        assertEquals(List.of(), messages(conf(CONN)));
    }

    /// S1-09, S2-15: transport mode is for the two hosts, between networks it is a mistake.
    @Test
    void transportModeIsForTheTwoHosts() {
        ChildSpec host = only(connWith("type=transport")).children().getFirst();
        assertEquals(Mode.TRANSPORT, host.mode());
        assertEquals("192.0.2.1/32 === 198.51.100.1/32", host.selectors().toString());
        ChildSpec port =
                only(connWith("type=transport", "leftprotoport=17/1701")).children().getFirst();
        assertEquals("192.0.2.1/32[17/1701] === 198.51.100.1/32", port.selectors().toString());
        assertFalse(connWith("type=transport", "rightsubnet=198.51.100.1/32").hasErrors());
        Reading networks = connWith("type=transport", "rightsubnet=10.2.0.0/16");
        assertEquals(List.of(), networks.spec().connections());
        assertTrue(
                messages(networks)
                        .contains(
                                "ipsec.conf:8:14: error: rightsubnet: transport mode protects the"
                                        + " two hosts themselves; leave it out, or use"
                                        + " type=tunnel"),
                () -> String.join("\n", messages(networks)));
    }

    /// What passes or is dropped has no IKE, no key and no peer.
    @Test
    void policiesWithoutIpsec() {
        for (Mode mode : List.of(Mode.PASS, Mode.DROP)) {
            String type = mode == Mode.PASS ? "passthrough" : "drop";
            String text =
                    "conn lan\n type=%s\n authby=never\n leftsubnet=10.1.0.0/16\n"
                            + " rightsubnet=10.9.0.0/16[tcp/22]\n auto=route\n";
            ConnectionSpec c = only(conf(text.formatted(type)));
            assertFalse(c.negotiates());
            assertEquals(mode, c.children().getFirst().mode());
            assertEquals(
                    "10.1.0.0/16 === 10.9.0.0/16[6/22]",
                    c.children().getFirst().selectors().toString());
            assertTrue(conf("conn lan\n type=" + type + "\n auto=route\n").hasErrors());
        }
    }

    /// S1-03, S4-24: AH in strongSwan's words; a child has AH or ESP, and AH has no UDP form.
    @Test
    void ahIsWrittenAsStrongSwanWritesIt() {
        ChildSpec child = only(connWith("ah=sha1-modp1024,sha256-modp1024!")).children().getFirst();
        assertEquals(
                List.of("ah-sha1-modp1024", "ah-sha256-modp1024"),
                child.proposals().stream().map(Object::toString).toList());
        ChildSpec both =
                only(connWith("ah=sha256", "esp=aes128-sha1-modp2048")).children().getFirst();
        assertEquals("aes128-sha1-modp2048+ah-sha256", both.proposals().getFirst().toString());
        assertTrue(connWith("ah=sha1", "forceencaps=yes").hasErrors());
    }

    @Test
    void dpdHasItsDefaultsOnceItHasAnAction() {
        assertEquals(
                new DpdSpec(Duration.ofSeconds(30), Duration.ofSeconds(150)),
                only(connWith("dpdaction=hold")).ike().dpd());
        assertEquals(DpdSpec.OFF, only(connWith("dpdaction=clear", "dpddelay=0")).ike().dpd());
    }

    @ParameterizedTest
    @CsvSource({"90,90", "90s,90", "15m,900", "8h,28800", "2d,172800"})
    void timesHaveUnits(String said, long seconds) {
        ConnectionSpec c = only(connWith("ikelifetime=" + said, "margintime=5"));
        assertEquals(seconds, c.ike().lifetime().life().toSeconds());
    }

    /// Comments, quotes, tabs, CRLF, a byte order mark, blanks round the equals sign.
    @Test
    void s3_26_layoutIsFree() {
        String text =
                "\uFEFF# head\r\n"
                        + "version 2.0\r\n"
                        + "config setup   # of all\r\n"
                        + "   uniqueids = never\r\n"
                        + "\r\n"
                        + "conn\tnet # the only one\r\n"
                        + "  \t \r\n"
                        + "# not indented, still a comment\r\n"
                        + "\tkeyexchange\t=\tikev1\r\n"
                        + "        authby=secret# glued\r\n"
                        + " left= 192.0.2.1\r\n"
                        + " right =\"198.51.100.1\" # quoted\r\n"
                        + " leftid=@#0a0b\r\n"
                        + " rightsubnet=10.1.0.0/16, 10.2.0.0/16\r\n"
                        + " auto=add";
        Reading reading = conf(text);
        ConnectionSpec c = only(reading);
        assertEquals("@#0a0b", c.local().identity().toString());
        assertEquals(2, c.children().size());
        assertEquals("net-2", c.children().get(1).name());
        assertEquals("10.2.0.0/16", c.children().get(1).selectors().remote().getFirst() + "");
        assertFalse(c.ike().unique());
    }

    /// Own settings, then also= (the later one first), then %default; order in the file is free.
    @Test
    void alsoAndDefaultAreInherited() {
        String text =
                """
                conn net
                \talso=first
                \talso=second
                \tauto=add
                \tleft=192.0.2.1
                conn %default
                \tkeyexchange=ikev1
                \tikelifetime=1h
                \tlifetime=2h
                \tmargintime=1m
                \tkeyingtries=7
                conn first
                \talso=third
                \tright=198.51.100.1
                \tikelifetime=2h
                conn second
                \tikelifetime=4h
                \trightauth=psk
                conn third
                \tleftauth=psk
                \tkeyingtries=9
                \tright=198.51.100.9
                """;
        ConnectionSpec c = only(conf(text));
        assertEquals(Duration.ofHours(4), c.ike().lifetime().life());
        assertEquals(Duration.ofHours(2), c.children().getFirst().lifetime().life());
        assertEquals(9, c.ike().keyingTries());
        assertEquals("198.51.100.1", c.remote().address().toString());
    }

    @Test
    void anEmptyValueTakesAnInheritedOneBack() {
        String text = "conn %default\n\tikelifetime=1h\n" + CONN + "\tikelifetime=\n";
        assertEquals(Duration.ofHours(3), only(conf(text)).ike().lifetime().life());
    }

    @Test
    void sectionsOfOneNameAreOneAndTheLaterSettingCounts() {
        Reading reading = conf(CONN + "conn net\n\tright=198.51.100.2\n");
        assertEquals("198.51.100.2", only(reading).remote().address().toString());
        assertEquals(
                List.of(
                        "ipsec.conf:7:1: warning: conn net is there already (line 1); the two are"
                                + " one, the later setting counts",
                        "ipsec.conf:8:2: warning: right is set again; line 5 no longer counts"),
                messages(reading));
    }

    @Test
    void ignoredConnsAreNotLoaded() {
        Reading reading = conf(CONN.replace("add", "ignore"));
        assertEquals(List.of(), reading.spec().connections());
        assertEquals(
                List.of("ipsec.conf:1:1: note: conn net is not loaded: auto=ignore"),
                messages(reading));
    }

    /// One wrong setting: its message, with line and column.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "dpddlay=10s|7:2: error: unknown keyword 'dpddlay'; did you mean 'dpddelay'?",
                "letfid=@x|7:2: error: unknown keyword 'letfid'; did you mean 'leftid'?",
                "frobnicate=1|7:2: error: unknown keyword 'frobnicate'",
                "uniqueids=no|7:2: error: uniqueids belongs into a 'config setup' section, not into"
                        + " 'conn'",
                "lifetime=soon|7:11: error: lifetime: 'soon' is no time; write 3600, 3600s, 60m, 1h"
                        + " or 2d",
                "lifetime=0|7:11: error: lifetime: a life of 0 is none",
                "rekeyfuzz=all|7:12: error: rekeyfuzz: 'all' is no percentage; write e.g. 100%",
                "rekey=maybe|7:8: error: rekey: 'maybe' is neither yes nor no",
                "keyingtries=many|7:14: error: keyingtries: 'many' is no number between 0 and"
                        + " 1000000",
                "dpdaction=restat|7:12: error: dpdaction: 'restat' is not known; use clear, hold,"
                        + " none, restart; did you mean 'restart'?",
                "closeaction=die|7:14: error: closeaction: 'die' is not known; use clear, hold,"
                        + " none, restart",
                "type=tunel|7:7: error: type: 'tunel' is not known; did you mean 'tunnel'?",
                "aggressive=yes|7:2: error: aggressive is refused: aggressive mode shows a hash of"
                        + " the key to everybody on the way; use main mode",
                "installpolicy=no|7:2: error: installpolicy is refused: Sallyport installs the"
                        + " policies itself",
                "ah=aes128-sha1|7:5: error: ah: 'aes128-sha1': AH does not encrypt; use esp=, or"
                        + " leave the cipher out",
                "ah=modp1024|7:5: error: ah: 'modp1024': an integrity algorithm is missing, e.g."
                        + " sha256",
                "leftsourceip=any|7:15: error: leftsourceip: 'any' is no address; %config, %config4"
                        + " and %config6 ask for any",
                "rightsourceip=%config|7:16: error: rightsourceip: %config is refused: a peer does"
                        + " not choose its address; say the network that it gets one of",
                "rightsourceip=%dhcp|7:16: error: rightsourceip: %dhcp is refused: addresses come"
                        + " out of a network that is said here",
                "rightsourceip=10.3.0.0/33|7:16: error: rightsourceip: '10.3.0.0/33' is neither"
                        + " NETWORK/LENGTH nor FIRST-LAST nor an address",
                "rightdns=here|7:11: error: rightdns: 'here' is no address",
                "leftid=C=CH|7:10: error: a value with '=' needs quotes round it",
                "leftid=`\"C=CH, XX=me\"`|7:10: error: leftid: 'C=CH, XX=me' is no distinguished"
                        + " name; write e.g. C=CH, O=example, CN=moon",
                "leftsubnet=10.0.0.0/33|7:13: error: leftsubnet: '10.0.0.0/33' is no network;"
                        + " write ADDRESS/LENGTH, e.g. 10.0.0.0/8",
                "leftsubnet=10.0.0.0/8,ten|7:24: error: leftsubnet: 'ten' is no network; write"
                        + " ADDRESS/LENGTH, e.g. 10.0.0.0/8",
                "leftprotoport=tpc/80|7:16: error: leftprotoport: protocol 'tpc' is not known;"
                        + " write its number, e.g. 6 or 17",
                "leftprotoport=tcp/webb|7:20: error: leftprotoport: port 'webb' is not known; write"
                        + " its number, e.g. 1701, or %any",
                "mark=none|7:7: error: mark: 'none' is no mark; write a number such as 100, 0x64 or"
                        + " 100/0xffffffff",
                "mark=100/0xff|7:7: error: mark: a mask other than 0xffffffff is refused: a mark is"
                        + " one interface",
                "mark=%unique|7:7: error: mark: %unique is refused: give a number",
                "mark_in=5|7:10: error: mark_in is refused alone: one number binds both directions,"
                        + " use mark=",
                "leftauth=pubkey|1:1: error: conn net authenticates one end by psk and the other by"
                        + " pubkey, and IKEv1 has one method for both; say version = 2"
                        + " (keyexchange=ikev2), or the same of both ends",
                "leftauth=pks|7:11: error: leftauth: 'pks' is not known; use psk; did you mean"
                        + " 'psk'?",
                "esp=`\"aes128`|7:6: error: a quote is not closed",
                "also=nowhere|7:7: error: also: there is no conn of this name",
                "also=nett|7:7: error: also: there is no conn of this name; did you mean 'net'?",
                "also=net|7:7: error: also: conn net includes itself",
                "ike=aes129-sha1-modp1024|7:6: error: ike: 'aes129': unknown algorithm; did you"
                        + " mean 'aes128'?",
                "ike=aes128-sha1|7:6: error: ike: 'aes128-sha1': a Diffie-Hellman group is missing,"
                        + " e.g. modp2048",
                "ike=aes256gcm16-prfsha256-modp2048|7:6: error: ike: an AEAD belongs to IKEv2; in"
                        + " IKEv1 write a cipher and a hash, e.g. aes256-sha256-modp2048",
                "esp=aes128-sha1,aes256-sah256|7:25: error: esp: 'sah256': unknown algorithm; did"
                        + " you mean 'sha256'?",
                "keyingtries 5|7:2: error: a setting is 'key=value'; here the '=' or the key is"
                        + " missing",
            })
    void aMistakeIsToldAtItsPlaceAndItsConnLeftOut(String setting, String message) {
        String quoted = setting.replace("`", "");
        Reading reading = connWith(quoted);
        assertTrue(
                messages(reading).contains("ipsec.conf:" + message),
                () -> String.join("\n", messages(reading)));
        assertEquals(List.of(), reading.spec().connections());
        assertTrue(reading.hasErrors());
    }

    /// A setting of [#CONN] replaced by another one.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "authby=psk|authby=xauthpsk|3:9: error: authby=xauthpsk is refused: use psk, or"
                        + " pubkey and its kinds; EAP is configured in a swanctl.conf",
                "right=198.51.100.1|right=%defaultroute|5:8: error: right=%defaultroute: our own"
                        + " side is left",
                "right=198.51.100.1|right=198.51.100.300|5:8: error: right: '198.51.100.300' is"
                        + " neither an address nor a host name",
                "right=198.51.100.1|right=198.51.100.0/24|5:8: error: right: several addresses are"
                        + " refused: one address, one name or %any",
                "right=198.51.100.1|right=%anny|5:8: error: right: '%anny' is not known; did you"
                        + " mean '%any'?",
                "auto=add|auto=strat|6:7: error: auto: 'strat' is not known; use add, route, start;"
                        + " did you mean 'start'?",
            })
    void aWrongNecessityIsToldAtItsPlace(String was, String becomes, String message) {
        Reading reading = conf(CONN.replace(was, becomes));
        assertTrue(
                messages(reading).contains("ipsec.conf:" + message),
                () -> String.join("\n", messages(reading)));
        assertEquals(List.of(), reading.spec().connections());
    }

    /// S4-16: IKEv1 proves both ends by certificate as well.
    @Test
    void signaturesOverIkev1() {
        ConnectionSpec read = only(conf(CONN.replace("authby=psk", "authby=rsasig")));
        assertEquals(IkeVersion.IKEV1, read.ike().version());
        assertTrue(read.local().auth() instanceof AuthSpec.Pubkey, () -> "" + read.local());
        assertTrue(read.remote().auth() instanceof AuthSpec.Pubkey, () -> "" + read.remote());
    }

    @Test
    void nobodyIsCalledAtAny() {
        String text = CONN.replace("198.51.100.1", "%any");
        assertEquals(new AddressSpec.Any(), only(conf(text)).remote().address());
        assertTrue(
                messages(conf(text.replace("add", "start")))
                        .contains(
                                "ipsec.conf:6:7: error: auto=start needs an address to call:"
                                        + " right=%any only waits, use auto=add"));
    }

    @Test
    void aMistakeInOneConnKeepsTheOthers() {
        String second =
                CONN.replace("conn net", "conn other").replace("198.51.100.1", "gw.example");
        Reading reading = conf(CONN.replace("psk", "xauthpsk") + second);
        ConnectionSpec kept = reading.spec().connections().getFirst();
        assertEquals(1, reading.spec().connections().size());
        assertEquals("other", kept.name());
        assertEquals(new AddressSpec.Named("gw.example"), kept.remote().address());
        assertEquals(Identity.fqdn("gw.example"), kept.remote().identity());
    }

    @Test
    void structureMistakesAreToldAndReadingGoesOn() {
        Reading reading =
                conf(
                        """
                        \tearly=1
                        cnon net
                        conn
                        conn two words
                         conn indented
                        config sutup
                        left=1
                        """
                                + CONN);
        assertEquals(
                List.of(
                        "ipsec.conf:1:2: error: a setting before the first section",
                        "ipsec.conf:2:1: error: neither a section (config setup, conn, ca) nor an"
                                + " include; did you mean 'conn'?",
                        "ipsec.conf:3:1: error: 'conn' needs a name behind it",
                        "ipsec.conf:4:1: error: the name behind 'conn' is one word",
                        "ipsec.conf:5:2: error: a section begins at the start of its line: remove"
                                + " the blanks before 'conn'",
                        "ipsec.conf:6:1: error: 'config' is followed by 'setup'",
                        "ipsec.conf:7:1: error: a setting is indented: put a blank or a tab before"
                                + " it",
                        "ipsec.conf:7:1: error: left belongs into a 'conn' section, not into"
                                + " 'config setup'"),
                complaints(reading).stream().sorted().toList());
        assertEquals("net", reading.spec().connections().getFirst().name());
    }

    @Test
    void marksWithoutInterfaceAreTold() {
        Reading reading = connWith("mark=0x64/0xffffffff");
        assertEquals(
                List.of(
                        "ipsec.conf:7:7: warning: mark 100 binds no interface: an aws-updown.sh"
                                + " line as leftupdown= names one; conn net is policy-based"),
                messages(reading));
        assertEquals(1, reading.spec().connections().size());
    }

    /// As charon hands it to a shell: word for word.
    @Test
    void aScriptOfOnesOwnIsRun() {
        Reading reading =
                connWith("leftupdown=\"/etc/my.sh -v 'a b' >> /run/log\"\n\tlefthostaccess=yes");
        assertEquals(
                new HookSpec("/etc/my.sh -v 'a b' >> /run/log", true),
                only(reading).children().getFirst().options().hook());
        assertEquals(List.of(), messages(reading));
    }

    @Test
    void strongSwansOwnUpdownIsIgnored() {
        for (String script : List.of("\"ipsec _updown iptables\"", "/usr/lib/ipsec/_updown")) {
            Reading reading = connWith("leftupdown=" + script);
            only(reading);
            assertTrue(messages(reading).getFirst().contains("note: leftupdown is ignored"));
        }
    }

    @Test
    void hostBitsAreCutWithAWarning() {
        Reading reading = connWith("leftsubnet=10.1.2.3/8");
        assertEquals(
                "10.0.0.0/8 === dynamic",
                only(reading).children().getFirst().selectors().toString());
        assertEquals(
                List.of(
                        "ipsec.conf:7:13: warning: leftsubnet: 10.1.2.3/8 has host bits, the"
                                + " network is 10.0.0.0/8"),
                messages(reading));
    }

    @Test
    void protocolsAndPortsNarrowASide() {
        ConnectionSpec c =
                only(connWith("leftprotoport=17/1701", "rightsubnet=10.1.0.0/16[tcp/https]"));
        assertEquals(
                "192.0.2.1/32[17/1701] === 10.1.0.0/16[6/443]",
                c.children().getFirst().selectors().toString());
    }

    @Test
    void lifetimesInOctetsAndNoRekey() {
        ChildSpec child =
                only(connWith("lifebytes=1000000", "lifepackets=500", "rekey=no"))
                        .children()
                        .getFirst();
        assertEquals(1_000_000, child.lifetime().octets());
        assertEquals(500, child.lifetime().packets());
        assertFalse(child.lifetime().rekey());
    }

    @Test
    void aLifeShorterThanItsMarginIsTold() {
        assertEquals(
                List.of(
                        "ipsec.conf:7:11: warning: lifetime of 600 s is not longer than margintime"
                                + " with rekeyfuzz (1080 s): the SA may be rekeyed at once"),
                messages(connWith("lifetime=10m")));
    }

    /// S3-25: 2 ciphers, 2 hashes, 9 groups of phase 1 and 10 of phase 2.
    @Test
    void s3_25_everyAlternativeOfTheAwsTextIsRead() {
        List<String> groups =
                List.of(
                        "modp1024",
                        "modp2048",
                        "modp3072",
                        "modp4096",
                        "modp6144",
                        "modp8192",
                        "modp1024s160",
                        "modp2048s224",
                        "modp2048s256",
                        "modp1536");
        int read = 0;
        for (String cipher : List.of("aes128", "aes256")) {
            for (String hash : List.of("sha1", "sha256")) {
                for (String group : groups) {
                    String text = cipher + "-" + hash + "-" + group;
                    boolean phase1 = !group.equals("modp1536");
                    ConnectionSpec c = only(connWith("esp=" + text, "ike=" + (phase1 ? text : "")));
                    assertEquals("[" + text + "]", c.children().getFirst().proposals().toString());
                    assertTrue(!phase1 || c.ike().proposals().toString().equals("[" + text + "]"));
                    read += phase1 ? 2 : 1;
                }
            }
        }
        assertEquals(36 + 40, read);
    }

    /// IKEv2: AEAD, several networks in one child, and strongSwan's default of reauthentication.
    @Test
    void ikev2IsLowered() {
        Findings findings = new Findings();
        String text =
                CONN.replace("keyexchange=ikev1", "keyexchange=ikev2")
                        + "\tike=aes128gcm16-prfsha256-x25519\n\trightsubnet=10.1.0.0/16,10.2.0.0/16\n"
                        + "\tfragmentation=accept\n";
        ConnectionSpec c = lowered(text, findings);
        assertEquals(List.of(), findings.list());
        assertEquals(IkeVersion.IKEV2, c.ike().version());
        assertEquals(1, c.children().size());
        assertEquals(2, c.children().getFirst().selectors().remote().size());
        assertTrue(c.ike().path().mobike());
        assertEquals(PathSpec.Fragmentation.ACCEPT, c.ike().path().fragmentation());
        assertFalse(c.ike().lifetime().rekey());
        assertEquals(Duration.ofMinutes(171), c.ike().reauth());
        c = lowered(text + "\treauth=no\n\tmobike=no\n", findings);
        assertTrue(c.ike().lifetime().rekey());
        assertEquals(Duration.ZERO, c.ike().reauth());
        assertFalse(c.ike().path().mobike());
        assertEquals(
                IkeVersion.ANY,
                lowered(CONN.replace("keyexchange=ikev1", "keyexchange=ike"), findings)
                        .ike()
                        .version());
    }

    @Test
    void certificatesAreLowered() {
        Findings findings = new Findings();
        ConnectionSpec c =
                lowered(
                        CONN.replace("authby=psk", "leftcert=moon.pem")
                                + "\trightauth=rsa-2048-sha256\n\trightca=\"C=CH, CN=ca\"\n",
                        findings);
        assertEquals(List.of(), findings.list());
        AuthSpec.Pubkey ours = (AuthSpec.Pubkey) c.local().auth();
        assertEquals(
                Path.of("ipsec.d/certs/moon.pem").toAbsolutePath().toString(),
                ((KeySource.File) ours.certificates().getFirst()).path());
        AuthSpec.Pubkey theirs = (AuthSpec.Pubkey) c.remote().auth();
        assertEquals(List.of("rsa", "2048", "sha256"), theirs.trust().schemes());
        assertEquals("C=CH, CN=ca", theirs.trust().authority().toString());
    }

    /// `ca` sections inherit as connections do, and only those with `auto=add` are loaded.
    @Test
    void authoritiesAreLowered() {
        Findings findings = new Findings();
        List<AuthoritySpec> all =
                authorities(
                        """
                        ca %default
                        \tcrluri=http://lists/one.crl
                        ca root
                        \tcacert=root.pem
                        \tcrluri2=http://lists/two.crl
                        \tocspuri=http://ocsp/
                        \tcerturibase=http://certs/
                        \tauto=add
                        ca bare
                        \tcacert=/etc/keys/bare.pem
                        \tcrluri=
                        \tauto=add
                        ca later
                        \tcacert=later.pem
                        """,
                        findings);
        assertEquals(
                List.of(
                        "ipsec.conf:13:1: note: ca later is not loaded: auto=ignore, strongSwan's"
                                + " default"),
                findings.list().stream().map(Diagnostic::toString).toList());
        assertEquals(List.of("root", "bare"), all.stream().map(AuthoritySpec::name).toList());
        AuthoritySpec root = all.getFirst();
        assertEquals(
                Path.of("ipsec.d/cacerts/root.pem").toAbsolutePath().toString(),
                ((KeySource.File) root.certificate()).path());
        assertEquals(List.of("http://lists/one.crl", "http://lists/two.crl"), root.crlUris());
        assertEquals(List.of("http://ocsp/"), root.ocspUris());
        assertEquals("http://certs/", root.uriBase());
        assertEquals(List.of(), all.getLast().crlUris());
    }

    @Test
    void anAuthorityWithoutACertificateIsTold() {
        Findings findings = new Findings();
        assertEquals(List.of(), authorities("ca root\n\tauto=add\n", findings));
        assertEquals(
                List.of("ipsec.conf:1:1: error: ca root has no cacert="),
                findings.list().stream().map(Diagnostic::toString).toList());
        Findings odd = new Findings();
        assertEquals(List.of(), authorities("ca root\n\tcacert=x.pem\n\tauto=often\n", odd));
        assertTrue(odd.hasErrors());
        assertEquals(
                1, authorities("ca root\n\tcacert=x.pem\n\tauto=start\n", new Findings()).size());
    }

    /// When our certificate is sent, and whether the peer is asked for its own.
    @Test
    void certificatesAreSentAsSaid() {
        String base = CONN.replace("authby=psk", "leftcert=moon.pem");
        Findings findings = new Findings();
        assertEquals(
                new CertificateExchange(
                        CertificateExchange.Send.ALWAYS, false, CertificateExchange.Ocsp.REPLY),
                lowered(base + "\tleftsendcert=always\n\trightsendcert=never\n", findings)
                        .ike()
                        .handshake()
                        .certificates());
        assertEquals(List.of(), findings.list());
        assertEquals(
                CertificateExchange.Send.NEVER,
                lowered(base + "\tleftsendcert=no\n", findings)
                        .ike()
                        .handshake()
                        .certificates()
                        .send());
    }

    /// A pin that cannot be read is not dropped, nor a demand that says "the same".
    @Test
    void tokensAreRefusedAndTheSameIsTheSame() {
        Findings refused = new Findings();
        assertEquals(
                List.of(),
                IpsecConfReader.read(
                                SourceText.of(
                                        "ipsec.conf",
                                        CONN.replace("authby=psk", "rightcert=%smartcard:45")),
                                Choices.NONE,
                                refused)
                        .conns());
        assertTrue(refused.hasErrors());
        Findings findings = new Findings();
        ConnectionSpec c =
                lowered(
                        CONN.replace("authby=psk", "leftcert=moon.pem")
                                + "\tleftca=\"C=CH, CN=ca\"\n\trightca=%same\n",
                        findings);
        assertEquals(List.of(), findings.list());
        assertEquals(
                "C=CH, CN=ca",
                ((AuthSpec.Pubkey) c.remote().auth()).trust().authority().toString());
    }

    private static List<AuthoritySpec> authorities(String text, Findings findings) {
        return IpsecConfReader.read(SourceText.of("ipsec.conf", text), Choices.NONE, findings)
                .authorities();
    }

    /// What is demanded of a peer is demanded, or its connection is left out.
    @Test
    void whatIsDemandedOfCertificatesIsNotDropped() {
        String base = CONN.replace("authby=psk", "leftcert=moon.pem") + "\trightauth=pubkey\n";
        Findings findings = new Findings();
        ConnectionSpec c =
                lowered(
                        "config setup\n\tstrictcrlpolicy=yes\n"
                                + base
                                + "\trightcertpolicy=1.2.3.4, 1.2.3.5\n",
                        findings);
        assertEquals(List.of(), findings.list());
        TrustSpec trust = ((AuthSpec.Pubkey) c.remote().auth()).trust();
        assertEquals(TrustSpec.Revocation.STRICT, trust.revocation());
        assertEquals(List.of("1.2.3.4", "1.2.3.5"), trust.policies());
        for (String groups : List.of("rightgroups=admins", "rightgroups2=admins")) {
            Findings refused = new Findings();
            assertEquals(
                    List.of(),
                    IpsecConfReader.read(
                                    SourceText.of("ipsec.conf", base + "\t" + groups + "\n"),
                                    Choices.NONE,
                                    refused)
                            .conns());
            assertTrue(refused.hasErrors(), refused.list()::toString);
        }
        Findings unknown = new Findings();
        lowered("config setup\n\tstrictcrlpolicy=always\n" + base, unknown);
        assertTrue(unknown.hasErrors());
    }

    private static ConnectionSpec lowered(String text, Findings findings) {
        return IpsecConfReader.read(SourceText.of("ipsec.conf", text), Choices.NONE, findings)
                .conns()
                .getFirst()
                .spec();
    }
}
