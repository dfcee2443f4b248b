package io.sallyport.crypto.kdf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.Cipher;
import io.sallyport.crypto.suite.Encryption;
import io.sallyport.crypto.suite.Group;
import io.sallyport.crypto.suite.IkeSuite;
import io.sallyport.crypto.suite.Integrity;
import io.sallyport.crypto.suite.Prf;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The key schedule of IKEv2 against NIST SP 800-135 (CAVP, ikev2, SHA-1, the first vector).
class Ikev2KeysTest {
    private static final PrfFunction PRF = new JceEngine().prf(Prf.HMAC_SHA1);
    private static final Octets NI = Octets.hex("3651fef5c9c35e93");
    private static final Octets NR = Octets.hex("c09a8b90a3f04d59");
    private static final Secret GIR =
            secret(
                    "d084a30166a50fb7325c3960874a839449ef9741c2f4f947d0201dd8c1269273"
                            + "d79509f37e3ca3eb4fa2fe2a28254e289cd3f34dad4eb4df1a07685a4b8a94fa"
                            + "61e2491f7598b3ce65547ff133b3f63d1ac4175eaa695033f3cedb026a6873a3"
                            + "6455172a8540b8a5d23a0143bed0390ee49b168269d75fffee9fb62be965993c");
    private static final Secret GIR_NEW =
            secret(
                    "52f00ab174c25d5b7139ae5ff4e8e9eddee5992d2e36adf8a559ffd90dab1442"
                            + "e4fbe429d320c0f33552a17d1557fa41ea70e8fb916c4fa27ed52b5f8ebd8461"
                            + "afa78f1159159a64055ac5f6319e29c28eae58cbc6847770f32c3fed1d047504"
                            + "84f854790f95e9ec01bc5bc461f24966462e359511329305038e94deb6dd42c2");
    private static final long SPI_I = 0x8e5c3ae507221684L;
    private static final long SPI_R = 0xb1f201bb155c3acdL;

    /// SK_d, SK_ai, SK_ar, SK_pi, SK_pr of 20 octets, SK_ei and SK_er of 16: 132 in all.
    private static final IkeSuite SUITE =
            new IkeSuite(
                    Cipher.of(Encryption.AES_CBC, 128),
                    Integrity.HMAC_SHA1_96,
                    Prf.HMAC_SHA1,
                    Group.MODP_1024);

    private static final String DKM =
            "6f1b12cad3cbe097b35430356d869d54cddb0198ec859174d53ceb92dddedbe2"
                    + "436db69f60977c58fa63bbb667f8d36920b109baae8f6c61a9ac49feda018432"
                    + "25d080ec5539d5881a25521ffb2a0a91874a9c0a27fcc2d717eb8963a9e3a89c"
                    + "7ab264757284c28cf8c3ca40576f4220b052b1fb8e9ad60ba3c80557323331a8"
                    + "cbb89f20";

    private static Secret secret(String hex) {
        return Secret.of(Octets.hex(hex));
    }

    private static String hex(Secret secret) {
        return Octets.owned(secret.expose()).hex();
    }

    private static Ikev2Keys keys() {
        return Ikev2Keys.derive(PRF, SUITE, GIR, new Ikev2Keys.Seed(NI, NR, SPI_I, SPI_R));
    }

    @Test
    void theSevenKeys() {
        Ikev2Keys keys = keys();
        assertEquals(
                DKM,
                hex(keys.d())
                        + hex(keys.integrity(true))
                        + hex(keys.integrity(false))
                        + hex(keys.encryption(true))
                        + hex(keys.encryption(false))
                        + hex(keys.proof(true))
                        + hex(keys.proof(false)));
    }

    @Test
    void keymatOfAChild() {
        assertEquals(
                "4727dc0ef94eb326ce131cf282fb652faa638ad0ddae3786a11bcc0309876009"
                        + "f8c485de011ad962c5b1ca8a41ff8145445749079c5686e26ffebbc342f06981"
                        + "f3da745e11ca0976424d1f8caec623d59dc7186deb20a27b411d1dcb70a36544"
                        + "0bf7de905088b0692e8addc094e18d1939bdb67e89798ca6b239e2ccb81c2409"
                        + "dac0106c",
                hex(keys().keymat(List.of(), NI, NR, 132)));
    }

    @Test
    void keymatOfAChildWithPfs() {
        assertEquals(
                "b109c21ad4c0797768c1cec9e63554681e48f224bca7f23c20c4ea7041983451"
                        + "e9aa1d5408656c8a975ff1b9d9a12c75ffeb64bdecb30174664cccb4e14f1c37"
                        + "7b7f6d1525af77c7092aac3e47f917ebae8297fb5539d2008ce830823a09cc19"
                        + "7361d4a289c72745f6ce9fefe812be5bf55b3200fbb82e41a4a40877d3fe106d"
                        + "b909707b",
                hex(keys().keymat(List.of(GIR_NEW), NI, NR, 132)));
    }

    /// `SKEYSEED(rekey)` is published; the keys grow from it by prf+.
    @Test
    void rekeying() {
        Secret skeyseed = secret("3b03bce748c96d5e8306918d2ff89b68f0648da3");
        Secret d =
                PrfPlus.expand(
                        PRF,
                        skeyseed,
                        20,
                        PrfFunction.part(NI),
                        PrfFunction.part(NR),
                        PrfFunction.part(Octets.ofLong(3)),
                        PrfFunction.part(Octets.ofLong(4)));
        Ikev2Keys heir =
                keys().rekeyed(PRF, SUITE, List.of(GIR_NEW), new Ikev2Keys.Seed(NI, NR, 3, 4));
        assertEquals(hex(d), hex(heir.d()));
    }
}
