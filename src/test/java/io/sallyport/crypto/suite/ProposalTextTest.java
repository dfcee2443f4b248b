package io.sallyport.crypto.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.sallyport.crypto.suite.ProposalText.Parsed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProposalTextTest {
    private static final Cipher AES_128 = Cipher.of(Encryption.AES_CBC, 128);
    private static final Cipher AES_256 = Cipher.of(Encryption.AES_CBC, 256);

    private static Parsed.Good<IkeProposal> ike(String text) {
        return good(ProposalText.ike(text));
    }

    private static Parsed.Good<EspProposal> esp(String text) {
        return good(ProposalText.esp(text));
    }

    private static <P> Parsed.Good<P> good(Parsed<P> parsed) {
        return switch (parsed) {
            case Parsed.Good<P> good -> good;
            case Parsed.Bad<P> bad -> fail(bad.toString());
        };
    }

    /// S3-12.
    @Test
    void theIkeLineOfTheAwsFile() {
        assertEquals(
                new Parsed.Good<>(
                        List.of(
                                new IkeProposal(
                                        List.of(AES_128),
                                        List.of(Integrity.HMAC_SHA1_96),
                                        List.of(Prf.HMAC_SHA1),
                                        List.of(Group.MODP_1024))),
                        false),
                ike("aes128-sha1-modp1024"));
    }

    /// S3-14: PFS with group 2.
    @Test
    void theEspLineOfTheAwsFile() {
        assertEquals(
                new Parsed.Good<>(
                        List.of(
                                new EspProposal(
                                        List.of(AES_128),
                                        List.of(Integrity.HMAC_SHA1_96),
                                        List.of(Group.MODP_1024),
                                        false)),
                        false),
                esp("aes128-sha1-modp1024"));
    }

    /// RFC 9370: as written, and written again.
    @Test
    void additionalKeyExchanges() {
        String text = "aes256gcm16-prfsha384-x25519-ke1_mlkem768-ke1_none-ke3_ecp384";
        IkeProposal p = ike(text).proposals().getFirst();
        assertEquals(
                List.of(List.of(Group.ML_KEM_768, Group.NONE), List.of(), List.of(Group.ECP_384)),
                p.additional());
        assertEquals(text, p.toString());
        assertTrue(p.needsAdditional());
        assertFalse(
                ike("aes256gcm16-prfsha384-x25519-ke1_none-ke1_mlkem768")
                        .proposals()
                        .getFirst()
                        .needsAdditional());
        assertEquals(
                "ke1_mlkem768",
                ((Parsed.Bad<IkeProposal>) ProposalText.ike("aes256-sha256-x25519-ke1_mlkem786"))
                        .didYouMean());
        for (String wrong : List.of("ke0_mlkem768", "ke8_mlkem768", "ke1_", "ke1_aes128")) {
            assertTrue(
                    ProposalText.ike("aes256-sha256-x25519-" + wrong) instanceof Parsed.Bad, wrong);
        }
    }

    /// Those of a child come after a first one of its own.
    @Test
    void additionalKeyExchangesOfChildren() {
        String text = "aes256-sha256-x25519-ke1_mlkem768";
        EspProposal p = esp(text).proposals().getFirst();
        assertEquals(List.of(List.of(Group.ML_KEM_768)), p.additional());
        assertEquals(text, p.toString());
        assertTrue(p.needsAdditional());
        assertFalse(ProposalText.ah("sha256-x25519-ke1_mlkem768") instanceof Parsed.Bad);
        assertTrue(ProposalText.esp("aes256-sha256-ke1_mlkem768") instanceof Parsed.Bad);
        assertTrue(ProposalText.esp("aes256-sha256-none-ke1_mlkem768") instanceof Parsed.Bad);
        assertTrue(ProposalText.ah("sha256-ke1_mlkem768") instanceof Parsed.Bad);
    }

    /// S3-25: AES256, SHA256; groups 2, 14-18, 22, 23, 24 in phase 1, and 5 in phase 2.
    @Test
    void everyAlternativeThatAwsAnnouncesCanBeWritten() {
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
        List<Integer> numbers = List.of(2, 14, 15, 16, 17, 18, 22, 23, 24, 5);
        for (String cipher : List.of("aes128", "aes256")) {
            for (String hash : List.of("sha1", "sha256")) {
                for (int i = 0; i < groups.size(); i++) {
                    String text = cipher + "-" + hash + "-" + groups.get(i) + "!";
                    IkeProposal first = ike(text).proposals().getFirst();
                    assertEquals(List.of(group(numbers.get(i))), first.groups());
                    assertEquals(cipher, first.ciphers().getFirst().toString());
                    EspProposal second = esp(text).proposals().getFirst();
                    assertEquals(List.of(group(numbers.get(i))), second.groups());
                    assertEquals(hash, second.integrity().getFirst().toString());
                    assertEquals(text, second + "!");
                    assertEquals(text, first + "!");
                }
            }
        }
    }

    private static Group group(int number) {
        return Group.byNumber(number).orElseThrow();
    }

    @Test
    void severalProposalsAndAnExclamationMark() {
        Parsed.Good<IkeProposal> good = ike("aes256-sha256-modp2048s256, aes128-sha1-modp1024!");
        assertTrue(good.strict());
        assertEquals(2, good.proposals().size());
        assertEquals("aes256-sha256-modp2048s256", good.proposals().get(0).toString());
        assertEquals("aes128-sha1-modp1024", good.proposals().get(1).toString());
    }

    @Test
    void wordsOfAKindAddUpInTheirOrder() {
        IkeProposal p = ike("aes256-aes-sha512-sha2_256-x25519-modp3072-aes256").proposals().get(0);
        assertEquals(List.of(AES_256, AES_128), p.ciphers());
        assertEquals(
                List.of(Integrity.HMAC_SHA2_512_256, Integrity.HMAC_SHA2_256_128), p.integrity());
        assertEquals(List.of(Prf.HMAC_SHA2_512, Prf.HMAC_SHA2_256), p.prfs());
        assertEquals(List.of(Group.CURVE_25519, Group.MODP_3072), p.groups());
    }

    @Test
    void anAeadTakesItsPrfFromAPrfWordOrFromAnIntegrityWord() {
        for (String text : List.of("aes256gcm16-prfsha384-ecp384", "aes256gcm128-sha384-ecp384")) {
            IkeProposal p = ike(text).proposals().get(0);
            assertEquals(List.of(Cipher.of(Encryption.AES_GCM_16, 256)), p.ciphers());
            assertEquals(List.of(), p.integrity());
            assertEquals(List.of(Prf.HMAC_SHA2_384), p.prfs());
            assertEquals("aes256gcm16-prfsha384-ecp384", p.toString());
        }
    }

    @Test
    void aPrfOfItsOwnIsKept() {
        String text = "aes128-sha1-prfsha256-modp2048";
        IkeProposal p = ike(text).proposals().get(0);
        assertEquals(List.of(Prf.HMAC_SHA2_256), p.prfs());
        assertEquals(text, p.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "aes, aes128",
        "aes192, aes192",
        "aes128ctr, aes128ctr",
        "aes256gcm8, aes256gcm8",
        "aes192gcm64, aes192gcm8",
        "aes128gcm96, aes128gcm12",
        "aes128gcm, aes128gcm16",
        "AES128GCM16, aes128gcm16",
        "3des, 3des",
        "des, des",
        "null, null",
        "chacha20poly1305, chacha20poly1305"
    })
    void everyCipherHasItsWords(String word, String cipher) {
        assertEquals(cipher, esp(word + "-sha256").proposals().get(0).ciphers().get(0).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "md5, HMAC_MD5_96",
        "sha, HMAC_SHA1_96",
        "sha1, HMAC_SHA1_96",
        "sha256, HMAC_SHA2_256_128",
        "sha2_256, HMAC_SHA2_256_128",
        "sha384, HMAC_SHA2_384_192",
        "sha2_384, HMAC_SHA2_384_192",
        "sha512, HMAC_SHA2_512_256",
        "sha2_512, HMAC_SHA2_512_256"
    })
    void everyHashHasItsWords(String word, Integrity integrity) {
        assertEquals(List.of(integrity), esp("aes128-" + word).proposals().get(0).integrity());
    }

    @Test
    void everyGroupHasItsWord() {
        for (Group group : Group.values()) {
            if (group != Group.NONE) {
                assertEquals(
                        List.of(group), ike("aes128-sha256-" + group).proposals().get(0).groups());
            }
        }
        assertEquals(
                List.of(Group.CURVE_25519),
                ike("aes128-sha256-curve25519").proposals().get(0).groups());
    }

    @Test
    void pfsIsOffByDefaultAndOptionalWithNone() {
        assertEquals(List.of(), esp("aes128-sha256").proposals().get(0).groups());
        assertEquals(List.of(), esp("aes128-sha256-none").proposals().get(0).groups());
        assertEquals(
                List.of(Group.MODP_2048, Group.NONE),
                esp("aes128-sha256-modp2048-none").proposals().get(0).groups());
    }

    @Test
    void esnAndNoesnAreTwoProposals() {
        assertTrue(esp("aes128gcm16-esn").proposals().get(0).esn());
        assertFalse(esp("aes128gcm16-noesn").proposals().get(0).esn());
        List<EspProposal> both = esp("aes128gcm16-esn-noesn").proposals();
        assertEquals(2, both.size());
        assertTrue(both.get(0).esn());
        assertFalse(both.get(1).esn());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aes128-sha1-modp1025|modp1025|12|modp1024",
                "aes128-sha1-modp1024,aes265-sha1-modp1024|aes265|21|aes256",
                "aes128-sha1 - mopd2048!|mopd2048|14|modp2048",
                "aes128--modp1024|''|7|''",
                "aes128-sha1-modp1024!,aes256-sha1-modp1024|modp1024!|12|''",
                "camellia128ctr-sha1-modp1024|camellia128ctr|0|''",
                "aes128gcm16iiv-prfsha1-modp1024|aes128gcm16iiv-prfsha1-modp1024|0|''",
                "aes128gmac-prfsha1-modp1024|aes128gmac-prfsha1-modp1024|0|''",
                "aes128-sha1-modp1024,|''|21|''",
                "rot13-sha1-modp1024|rot13|0|''"
            })
    void aWrongWordIsNamedWithItsPlaceAndANeighbour(
            String text, String word, int offset, String didYouMean) {
        Parsed.Bad<?> bad = assertInstanceOf(Parsed.Bad.class, ProposalText.ike(text));
        assertEquals(word, bad.word());
        assertEquals(offset, bad.offset());
        assertEquals(didYouMean, bad.didYouMean());
        assertFalse(bad.why().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|no proposal",
                "!|no proposal",
                "aes128-sha1|a Diffie-Hellman group is missing, e.g. modp2048",
                "aes128-sha1-none|a Diffie-Hellman group is missing, e.g. modp2048",
                "aes128-modp2048|an integrity algorithm is missing, e.g. sha256",
                "aes128-prfsha1-modp2048|an integrity algorithm is missing, e.g. sha256",
                "aes128gcm16-modp2048|a PRF is missing, e.g. prfsha256",
                "sha1-modp2048|an encryption algorithm is missing, e.g. aes128",
                "null-sha1-modp2048|IKE messages cannot go without encryption",
                "aes128-sha1-modp2048-esn|esn and noesn belong into an ESP proposal"
            })
    void whatIsMissingInAnIkeProposalIsSaid(String text, String why) {
        assertEquals(why, assertInstanceOf(Parsed.Bad.class, ProposalText.ike(text)).why());
    }

    @Test
    void theSecondProposalIsTheOneThatIsBlamed() {
        Parsed.Bad<?> bad =
                assertInstanceOf(
                        Parsed.Bad.class, ProposalText.esp("aes128-sha1, aes256-modp2048"));
        assertEquals("aes256-modp2048", bad.word());
        assertEquals(13, bad.offset());
    }

    @ParameterizedTest
    @ValueSource(strings = {"aes128-aes128gcm16-sha256-modp2048", "aes128gcm16-3des-sha1-modp1024"})
    void anAeadAndAnotherCipherDoNotMix(String text) {
        assertInstanceOf(Parsed.Bad.class, ProposalText.ike(text));
        assertInstanceOf(Parsed.Bad.class, ProposalText.esp(text));
    }

    @Test
    void defaultsHoldNothingLegacyAndFewEnoughTransforms() {
        for (IkeProposal p : ProposalText.defaultIke()) {
            p.ciphers().forEach(c -> assertEquals(Standing.CURRENT, c.encryption().standing()));
            p.integrity().forEach(i -> assertEquals(Standing.CURRENT, i.standing()));
            p.prfs().forEach(f -> assertEquals(Standing.CURRENT, f.standing()));
            p.groups().forEach(g -> assertEquals(Standing.CURRENT, g.standing()));
        }
        for (EspProposal p : ProposalText.defaultEsp()) {
            p.ciphers().forEach(c -> assertEquals(Standing.CURRENT, c.encryption().standing()));
            p.integrity().forEach(i -> assertEquals(Standing.CURRENT, i.standing()));
            assertEquals(List.of(), p.groups());
        }
        IkeProposal classic = ProposalText.defaultIke().getFirst();
        assertEquals(
                20, classic.ciphers().size() * classic.prfs().size() * classic.groups().size());
    }

    @Test
    void defaultStandsForTheDefaults() {
        List<EspProposal> all = new ArrayList<>(esp("aes128-sha1-modp1024").proposals());
        all.addAll(ProposalText.defaultEsp());
        assertEquals(
                new ProposalText.Parsed.Good<>(all, false),
                ProposalText.esp("aes128-sha1-modp1024, Default", ProposalText.defaultEsp()));
        assertEquals(
                "unknown algorithm",
                ((ProposalText.Parsed.Bad<EspProposal>) ProposalText.ah("sha256,default")).why());
    }
}
