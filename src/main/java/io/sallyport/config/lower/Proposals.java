package io.sallyport.config.lower;

import io.sallyport.config.syntax.Findings;
import io.sallyport.config.syntax.Setting;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.EspProposal;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeProposal;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `ike=` and `esp=` to proposals. Only what is named is offered and accepted: strongSwan's `!` is
/// always on.
public final class Proposals {
    private Proposals() {}

    public static Optional<List<IkeProposal>> ike(Optional<Setting> said, Findings findings) {
        List<IkeProposal> all = new ArrayList<>();
        for (String p : said.map(Setting::value).orElse("aes128-sha256-modp3072").split(",")) {
            List<Cipher> c = new ArrayList<>();
            List<Integrity> i = new ArrayList<>();
            List<Group> g = new ArrayList<>();
            if (!words(p, c, i, g, said, findings)) {
                return Optional.empty();
            }
            all.add(
                    new IkeProposal(
                            c, i, i.stream().map(x -> Prf.values()[x.ordinal() - 1]).toList(), g));
        }
        return Optional.of(all);
    }

    private static boolean words(
            String p,
            List<Cipher> c,
            List<Integrity> i,
            List<Group> g,
            Optional<Setting> said,
            Findings findings) {
        next:
        for (String w : p.replace("!", "").strip().split("-")) {
            for (Encryption e : Encryption.values()) {
                for (int bits : e.keyBits()) {
                    if (Cipher.of(e, bits).toString().equals(w)) {
                        c.add(Cipher.of(e, bits));
                        continue next;
                    }
                }
            }
            for (Integrity e : Integrity.values()) {
                if (e.toString().equals(w)) {
                    i.add(e);
                    continue next;
                }
            }
            for (Group e : Group.values()) {
                if (e.toString().equals(w)) {
                    g.add(e);
                    continue next;
                }
            }
            findings.error(said.get().at(), "bad word");
            return false;
        }
        return !c.isEmpty();
    }

    public static Optional<List<EspProposal>> esp(Optional<Setting> said, Findings findings) {
        List<EspProposal> all = new ArrayList<>();
        for (String p : said.map(Setting::value).orElse("aes128-sha256").split(",")) {
            List<Cipher> c = new ArrayList<>();
            List<Integrity> i = new ArrayList<>();
            List<Group> g = new ArrayList<>();
            if (!words(p, c, i, g, said, findings)) {
                return Optional.empty();
            }
            all.add(new EspProposal(c, i, g, false));
        }
        return Optional.of(all);
    }
}
