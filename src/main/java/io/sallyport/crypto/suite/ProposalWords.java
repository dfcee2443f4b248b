package io.sallyport.crypto.suite;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The words of a proposal, as strongSwan spells them.
final class ProposalWords {
    /// What one word asks for.
    sealed interface Ask {
        record OfCipher(Cipher cipher) implements Ask {}

        record OfIntegrity(Integrity integrity) implements Ask {}

        record OfPrf(Prf prf) implements Ask {}

        record OfGroup(Group group) implements Ask {}

        /// `ke1_mlkem768`.
        ///
        /// @param number 1..7
        record OfAdditional(int number, Group group) implements Ask {}

        record OfEsn(boolean esn) implements Ask {}
    }

    /// Words of strongSwan's for what we do not have.
    private static final Pattern KNOWN_ELSEWHERE =
            Pattern.compile(
                    "aes(128|192|256)?ccm\\d+|camellia.*(ctr|ccm).*|cast128"
                            + "|blowfish.*|twofish.*|serpent.*|sha(2_)?256_96|sha1_160|md5_128"
                            + "|ecp(192|224)|ecp(224|256|384|512)bp|newhope\\d*"
                            + "|ntru\\d*|modpnull|chacha20poly1305compat");

    private static final Map<String, Ask> WORDS = words();

    private ProposalWords() {}

    private static Map<String, Ask> words() {
        Map<String, Ask> words = new HashMap<>();
        for (Encryption encryption : Encryption.values()) {
            for (int bits : encryption.keyBits()) {
                Cipher cipher = Cipher.of(encryption, bits);
                words.put(cipher.toString(), new Ask.OfCipher(cipher));
            }
        }
        words.put("aes", new Ask.OfCipher(Cipher.of(Encryption.AES_CBC, 128)));
        words.put("camellia", new Ask.OfCipher(Cipher.of(Encryption.CAMELLIA_CBC, 128)));
        for (int bits : Encryption.AES_GCM_16.keyBits()) {
            length(words, bits, "gcm64", Encryption.AES_GCM_8);
            length(words, bits, "gcm96", Encryption.AES_GCM_12);
            length(words, bits, "gcm128", Encryption.AES_GCM_16);
            length(words, bits, "gcm", Encryption.AES_GCM_16);
        }
        for (int bits : Encryption.AES_CCM_16.keyBits()) {
            length(words, bits, "ccm64", Encryption.AES_CCM_8);
            length(words, bits, "ccm96", Encryption.AES_CCM_12);
            length(words, bits, "ccm128", Encryption.AES_CCM_16);
            length(words, bits, "ccm", Encryption.AES_CCM_16);
        }
        for (Integrity integrity : Integrity.values()) {
            if (integrity != Integrity.NONE) {
                words.put(integrity.toString(), new Ask.OfIntegrity(integrity));
            }
        }
        words.put("sha", new Ask.OfIntegrity(Integrity.HMAC_SHA1_96));
        words.put("sha2_256", new Ask.OfIntegrity(Integrity.HMAC_SHA2_256_128));
        words.put("sha2_384", new Ask.OfIntegrity(Integrity.HMAC_SHA2_384_192));
        words.put("sha2_512", new Ask.OfIntegrity(Integrity.HMAC_SHA2_512_256));
        for (Prf prf : Prf.values()) {
            words.put(prf.toString(), new Ask.OfPrf(prf));
        }
        for (Group group : Group.values()) {
            words.put(group.toString(), new Ask.OfGroup(group));
        }
        words.put("modpnone", new Ask.OfGroup(Group.NONE));
        words.put("curve448", new Ask.OfGroup(Group.CURVE_448));
        words.put("curve25519", new Ask.OfGroup(Group.CURVE_25519));
        for (int n = 1; n <= IkeProposal.MOST_ADDITIONAL; n++) {
            for (Group group : Group.values()) {
                words.put("ke" + n + "_" + group, new Ask.OfAdditional(n, group));
            }
        }
        words.put("esn", new Ask.OfEsn(true));
        words.put("noesn", new Ask.OfEsn(false));
        return Map.copyOf(words);
    }

    private static void length(
            Map<String, Ask> words, int bits, String tail, Encryption encryption) {
        words.put("aes" + bits + tail, new Ask.OfCipher(Cipher.of(encryption, bits)));
    }

    static Optional<Ask> find(String word) {
        return Optional.ofNullable(WORDS.get(word));
    }

    static boolean isKnownElsewhere(String word) {
        return KNOWN_ELSEWHERE.matcher(word).matches();
    }

    /// The known word nearest to `word`; empty if none is near.
    static String nearest(String word) {
        String best = "";
        int fewest = Math.max(1, word.length() / 3) + 1;
        for (String candidate : WORDS.keySet().stream().sorted().toList()) {
            int edits = edits(word, candidate);
            if (edits < fewest) {
                fewest = edits;
                best = candidate;
            }
        }
        return best;
    }

    /// Levenshtein's distance.
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int swapped = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(swapped, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
