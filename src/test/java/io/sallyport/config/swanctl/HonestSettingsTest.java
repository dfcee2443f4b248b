package io.sallyport.config.swanctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.sallyport.base.Secret;
import io.sallyport.config.lower.Choices;
import io.sallyport.config.read.ConfigReader;
import io.sallyport.config.read.Reading;
import io.sallyport.config.syntax.Diagnostic;
import io.sallyport.config.syntax.SourceText;
import io.sallyport.model.spec.Origin;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// No setting is taken without effect and without a word. Each is said with a value that is not its
/// default: either a finding names it, or what it changed in the model is read by somebody who is
/// neither the configuration nor a list of what is configured.
class HonestSettingsTest {
    private static final JavaClasses HOUSE =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("io.sallyport");

    /// One connection, by pre-shared key; `@PLACE@` is where the setting goes.
    private static final String BASE =
            """
            connections {
                c {
                    version = 2
                    remote_addrs = 192.0.2.2
                    @CONNECTION@
                    local {
                        auth = @OWN@
                        @LOCAL@
                        @CERTIFICATE@
                    }
                    remote {
                        auth = @THEIRS@
                        @REMOTE@
                    }
                    children {
                        net {
                            @CHILD@
                        }
                    }
                }
            }
            secrets {
                ike {
                    secret = "correct horse"
                    @SHARED@
                }
                private {
                    file = moon.pem
                    @KEY@
                }
                token {
                    handle = 01
                    @TOKEN@
                }
            }
            pkcs11 {
                hsm {
                    path = /nowhere/hsm.so
                    @MODULE@
                }
            }
            pools {
                v4 {
                    addrs = 10.9.0.0/24
                    @POOL@
                }
            }
            authorities {
                root {
                    file = /nowhere/root.pem
                    @AUTHORITY@
                }
            }
            """;

    private static final String MANUAL =
            """
            manual {
                m {
                    local_addr = 192.0.2.1
                    remote_addr = 192.0.2.2
                    esp = aes128-sha256
                    @MANUAL@
                    in {
                        esp_spi = 0x1001
                        esp_encryption_key = 0x00112233445566778899aabbccddeeff
                        esp_integrity_key = 0x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
                    }
                    out {
                        esp_spi = 0x1002
                        esp_encryption_key = 0x10112233445566778899aabbccddeeff
                        esp_integrity_key = 0x10112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
                        @MANUAL_HALF@
                    }
                }
            }
            """;

    /// A value for each word that is not its default. Several, by bars, where not all of its values
    /// mean the same to the engine.
    private static final Map<Place, Map<String, String>> SAMPLES =
            table(
                    """
                    [CONNECTION]
                    version = 0
                    local_addrs = 192.0.2.1
                    remote_addrs = 192.0.2.9
                    local_port = 4500
                    remote_port = 4500
                    proposals = aes128gcm16-prfsha256-x25519
                    vips = 0.0.0.0
                    aggressive = yes
                    pull = no
                    dscp = 101110
                    encap = yes
                    tcp = yes | fallback
                    tcp_port = 443
                    mobike = no
                    dpd_delay = 30s
                    dpd_timeout = 90s
                    fragmentation = no
                    childless = never | prefer | force
                    send_certreq = no
                    send_cert = always | never
                    ocsp = both
                    ppk_id = q
                    ppk_required = yes
                    session_resumption = yes
                    keyingtries = 0
                    unique = never | keep | replace
                    reauth_time = 3h
                    rekey_time = 2h
                    over_time = 3m
                    rand_time = 1m
                    pools = v4
                    if_id_in = 7
                    if_id_out = 7
                    mediation = yes
                    mediated_by = x
                    mediation_peer = x
                    [LOCAL]
                    round = 2
                    certs = moon.pem
                    pubkeys = moon.pub
                    auth = pubkey | eap-md5 | xauth | null
                    id = moon
                    eap_id = carol
                    aaa_id = aaa
                    xauth_id = carol
                    [REMOTE]
                    round = 2
                    id = sun
                    eap_id = carol
                    groups = sales
                    cert_policy = 1.2.3.4
                    certs = sun.pem
                    cacerts = ca.pem
                    ca_id = "C=CH, CN=ca"
                    pubkeys = sun.pub
                    revocation = strict | ifuri
                    auth = pubkey | eap | null
                    [CERTIFICATE]
                    file = /a.pem
                    handle = 0a
                    slot = 2
                    module = hsm
                    [CHILD]
                    ah_proposals = sha256
                    esp_proposals = aes128gcm16
                    sha256_96 = yes
                    local_ts = 10.1.0.0/16
                    remote_ts = 10.2.0.0/16
                    rekey_time = 20m
                    life_time = 30m
                    rand_time = 1m
                    rekey_bytes = 5m
                    life_bytes = 5m
                    rand_bytes = 1m
                    rekey_packets = 1000
                    life_packets = 1000
                    rand_packets = 10
                    updown = /bin/true
                    hostaccess = yes
                    mode = transport | beet | pass | drop
                    start_action = trap | start
                    dpd_action = trap | restart
                    close_action = trap | start
                    ipcomp = yes
                    inactivity = 1h
                    policies = no
                    policies_fwd_out = yes
                    reqid = 7
                    priority = 5
                    interface = eth0
                    mark_in = 5
                    mark_in_sa = yes
                    mark_out = 5
                    set_mark_in = 5
                    set_mark_out = 5
                    if_id_in = 7
                    if_id_out = 7
                    label = x
                    label_mode = simple
                    tfc_padding = 200
                    tfc_rate = 20
                    replay_window = 64
                    per_cpu_sas = yes
                    hw_offload = yes
                    copy_df = yes | set
                    fragment = after
                    copy_ecn = no
                    copy_dscp = in | yes | no
                    icmp = yes
                    [SHARED]
                    secret = other
                    id<suffix> = sun
                    [KEY]
                    file = sun.pem
                    secret = sesame
                    [TOKEN]
                    handle = 0a
                    slot = 2
                    module = hsm
                    pin = 1234
                    [POOL]
                    addrs = 10.8.0.0/24
                    dns = 10.0.0.1
                    nbns = 10.0.0.1
                    dhcp = 10.0.0.1
                    netmask = 255.0.0.0
                    server = 10.0.0.1
                    subnet = 10.1.0.0/16
                    split_include = 10.1.0.0/16
                    split_exclude = 10.1.0.0/16
                    [AUTHORITY]
                    cacert = root.pem
                    file = /other.pem
                    handle = 0a
                    slot = 2
                    module = hsm
                    crl_uris = http://192.0.2.7/a.crl
                    ocsp_uris = http://192.0.2.7/
                    cert_uri_base = http://192.0.2.7/
                    [MODULE]
                    path = /nowhere/other.so
                    [MANUAL]
                    local_addr = 192.0.2.7
                    remote_addr = 192.0.2.8
                    mode = transport | beet
                    esp = aes128-sha256_128
                    ah = sha256
                    esn = yes
                    encap = yes
                    local_ts = 10.1.0.0/16
                    remote_ts = 10.2.0.0/16
                    replay_window = 64
                    nonce_reuse = accepted
                    priority = 5
                    tfc_padding = 200
                    tfc_rate = 20
                    copy_df = yes | set
                    fragment = after
                    copy_ecn = no
                    copy_dscp = in
                    [MANUAL_HALF]
                    esp_spi = 0x2002
                    esp_encryption_key = 0x20112233445566778899aabbccddeeff
                    esp_integrity_key = 0x20112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
                    ah_spi = 0x2003
                    ah_integrity_key = 0x20
                    sequence = 9
                    """);

    /// What holds whether it is said or not.
    private static final Set<String> DONE_ANYWAY = Set.of("mobike = no");

    /// What else must be said for a setting to mean something.
    private static String context(Place place, String word) {
        return switch (place) {
            case CONNECTION -> word.equals("dpd_timeout") ? "dpd_delay = 1m" : "";
            case LOCAL, REMOTE ->
                    word.equals("round")
                            ? "}\n" + place.name().toLowerCase(Locale.ROOT) + "-2 {\nround = 1"
                            : "";
            default -> "";
        };
    }

    private static Map<Place, Map<String, String>> table(String text) {
        Map<Place, Map<String, String>> all = new EnumMap<>(Place.class);
        Place place = Place.CONNECTION;
        for (String line : text.lines().toList()) {
            if (line.startsWith("[")) {
                place = Place.valueOf(line.substring(1, line.length() - 1));
            } else {
                String[] pair = line.split(" = ", 2);
                all.computeIfAbsent(place, _ -> new HashMap<>()).put(pair[0], pair[1]);
            }
        }
        return all;
    }

    static List<Option> settings() {
        return Options.ALL;
    }

    @ParameterizedTest
    @MethodSource("settings")
    void usedOrRefused(Option option) {
        String samples = SAMPLES.getOrDefault(option.place(), Map.of()).get(option.word());
        assertTrue(samples != null, () -> "no sample for " + option.place() + " " + option.word());
        for (String value : samples.split(" \\| ")) {
            effect(option, value);
        }
    }

    private static void effect(Option option, String value) {
        String word = option.word().replace("<suffix>", "");
        // what belongs to certificates or EAP is said where these are used
        String way =
                switch (word) {
                    case "certs", "pubkeys", "file", "handle", "slot", "module" -> "pubkey";
                    case "groups", "cert_policy", "cacerts", "ca_id", "revocation" -> "pubkey";
                    case "send_cert", "send_certreq", "ocsp" -> "pubkey";
                    case "eap_id", "aaa_id" -> "eap";
                    case "xauth_id" -> "xauth";
                    default -> "psk";
                };
        boolean certificates = option.place() == Place.CERTIFICATE;
        String base = certificates && !word.equals("file") ? "handle = 0b" : "file = /b.pem";
        String said = word + " = " + value;
        if (DONE_ANYWAY.contains(said)) {
            return;
        }
        Reading without =
                read(option.place(), word, certificates ? "cert {\n" + base + "\n}" : "", way);
        Reading with =
                read(
                        option.place(),
                        word,
                        certificates ? "cert {\n" + base + "\n" + said + "\n}" : said,
                        way);
        Set<String> before = new HashSet<>(texts(without));
        List<String> told = texts(with).stream().filter(t -> !before.contains(t)).toList();
        Set<String> moved = new TreeSet<>();
        compare("", without.spec(), with.spec(), moved);
        // until certificates, EAP and the like are there, all that belongs to them is refused
        boolean outOfReach = without.hasErrors() && with.hasErrors();
        if (option.place() == Place.KEY || option.place() == Place.AUTHORITY) {
            outOfReach = read(Place.CONNECTION, "", "", "pubkey").hasErrors();
        }
        boolean excused = outOfReach;
        boolean used = moved.stream().anyMatch(HonestSettingsTest::isRead);
        assertTrue(
                !told.isEmpty() || used || excused,
                () ->
                        option.place()
                                + ": "
                                + said
                                + " is taken without a word, and nobody reads what it changed: "
                                + moved);
        if (option.fate() == Option.Fate.REFUSED) {
            assertTrue(with.hasErrors(), () -> said + " is refused: " + texts(with));
        }
    }

    private static Reading read(Place place, String about, String setting, String way) {
        boolean manual = place == Place.MANUAL || place == Place.MANUAL_HALF;
        String text = manual ? MANUAL : BASE;
        String word = setting.replaceAll(" = .*", "");
        // the setting replaces what the base says
        boolean replaced =
                word.matches("auth|secret|version|remote_addrs|file|addrs|esp|esp_.*")
                        || word.matches("local_addr|remote_addr|cacert|handle|path");
        text =
                text.replace("@" + place.name() + "@", setting + "\n" + context(place, about))
                        .replaceAll("@(OWN|THEIRS)@", way)
                        .replaceAll("@[A-Z_]+@", "");
        if (replaced && !setting.startsWith("cert {")) {
            text = once(text, word, setting, place);
        }
        return ConfigReader.readTexts(
                List.of(SourceText.of("/nowhere/swanctl.conf", text)), Choices.NONE);
    }

    /// `setting` stays, the line of the same word in the same section goes.
    private static String once(String text, String word, String setting, Place place) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        int at = lines.stream().map(String::strip).toList().lastIndexOf(setting);
        boolean ofFile = place == Place.AUTHORITY && word.matches("cacert|handle");
        String instead = ofFile ? "file" : word;
        for (int step = -1; step <= 1; step += 2) {
            for (int i = at + step; i >= 0 && i < lines.size(); i += step) {
                String line = lines.get(i).strip();
                if (line.endsWith("{") || line.equals("}")) {
                    break;
                }
                if (line.startsWith(instead + " = ")) {
                    lines.set(i, "");
                }
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static List<String> texts(Reading reading) {
        return reading.findings().stream().map(Diagnostic::message).toList();
    }

    /// The record components at the bottom of each difference, as `class component`.
    private static void compare(String at, Object a, Object b, Set<String> moved) {
        if (a instanceof Secret || a instanceof Origin || a.equals(b)) {
            if (a instanceof Secret x && !x.equals(b)) {
                moved.add(at);
            }
            return;
        }
        if (a instanceof List<?> x && b instanceof List<?> y && x.size() == y.size()) {
            for (int i = 0; i < x.size(); i++) {
                compare(at, x.get(i), y.get(i), moved);
            }
        } else if (a instanceof Record && a.getClass() == b.getClass()) {
            for (RecordComponent c : a.getClass().getRecordComponents()) {
                String name = a.getClass().getName() + " " + c.getName();
                compare(name, component(c, a), component(c, b), moved);
            }
        } else {
            moved.add(at);
        }
    }

    private static Object component(RecordComponent c, Object record) {
        try {
            return c.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(c.toString(), e);
        }
    }

    /// Whether somebody who does something with it reads the component, himself or by what its
    /// records compute of it.
    private static boolean isRead(String component) {
        String[] parts = component.split(" ");
        if (!parts[0].startsWith("io.sallyport.model.")) {
            return true; // an address or a name of which a part changed: the whole is read
        }
        JavaClass owner = HOUSE.get(parts[0]);
        Set<JavaCodeUnit> seen = new HashSet<>();
        List<JavaCodeUnit> open = new ArrayList<>();
        open.add(owner.getMethod(parts[1]));
        owner.getField(parts[1]).getAccessesToSelf().forEach(a -> open.add(a.getOrigin()));
        while (!open.isEmpty()) {
            JavaCodeUnit reader = open.removeLast();
            if (!seen.add(reader) || isCopying(reader, owner)) {
                continue;
            }
            if (!reader.getOwner().getPackageName().matches(SHOWING)) {
                return true;
            }
            if (reader.getOwner().getPackageName().startsWith("io.sallyport.model")) {
                reader.getAccessesToSelf().forEach(a -> open.add(a.getOrigin()));
            }
        }
        return false;
    }

    /// Configuration, and those who list what is configured.
    private static final String SHOWING =
            "io\\.sallyport\\.(config|control|cli|daemon\\.vici|model)(\\..*)?";

    /// A record that is made, compared, written, or made again with one difference.
    private static boolean isCopying(JavaCodeUnit unit, JavaClass record) {
        return unit.isConstructor()
                || unit.getName().matches("equals|hashCode|toString")
                || unit.getOwner().equals(record) && unit.getRawReturnType().equals(record);
    }

    /// The test's own eye: a component that nobody reads is seen as such.
    @Test
    void thisTestCanFail() {
        assertEquals(false, isRead("io.sallyport.model.spec.child.PolicySpec label"));
        assertEquals(true, isRead("io.sallyport.model.spec.child.PolicySpec priority"));
    }
}
