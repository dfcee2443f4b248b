package io.sallyport.crypto.kdf;

import static io.sallyport.crypto.engine.PrfFunction.part;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.crypto.engine.PrfFunction;
import io.sallyport.crypto.jce.JceEngine;
import io.sallyport.crypto.suite.Prf;
import org.junit.jupiter.api.Test;

/// NIST CAVP, SP 800-135 test vectors, ikev2: the first case with SHA-1.
class PrfPlusTest {
    private static final PrfFunction SHA1 = new JceEngine().prf(Prf.HMAC_SHA1);
    private static final Octets NI = Octets.hex("3651fef5c9c35e93");
    private static final Octets NR = Octets.hex("c09a8b90a3f04d59");
    private static final Octets SPI_I = Octets.hex("8e5c3ae507221684");
    private static final Octets SPI_R = Octets.hex("b1f201bb155c3acd");
    private static final Secret G_IR =
            secret(
                    """
                    d084a30166a50fb7325c3960874a839449ef9741c2f4f947d0201dd8c1269273d79509f37e3ca3eb
                    4fa2fe2a28254e289cd3f34dad4eb4df1a07685a4b8a94fa61e2491f7598b3ce65547ff133b3f63d
                    1ac4175eaa695033f3cedb026a6873a36455172a8540b8a5d23a0143bed0390ee49b168269d75fff
                    ee9fb62be965993c
                    """);
    private static final Secret G_IR_NEW =
            secret(
                    """
                    52f00ab174c25d5b7139ae5ff4e8e9eddee5992d2e36adf8a559ffd90dab1442e4fbe429d320c0f3
                    3552a17d1557fa41ea70e8fb916c4fa27ed52b5f8ebd8461afa78f1159159a64055ac5f6319e29c2
                    8eae58cbc6847770f32c3fed1d04750484f854790f95e9ec01bc5bc461f24966462e359511329305
                    038e94deb6dd42c2
                    """);

    private static Secret secret(String hex) {
        return Secret.of(Octets.hex(hex));
    }

    private static String hex(Secret secret) {
        return Octets.owned(secret.expose()).hex();
    }

    @Test
    void theKeyMaterialOfNistsIkeSaAndChildSas() {
        Secret skeyseed = SHA1.derive(Secret.of(Octets.concat(NI, NR)), part(G_IR));
        assertEquals("cd2e8050137832245f1dbacc6e4f0a92f94d45d6", hex(skeyseed));

        Secret dkm =
                PrfPlus.expand(SHA1, skeyseed, 132, part(NI), part(NR), part(SPI_I), part(SPI_R));
        assertEquals(
                "6f1b12cad3cbe097b35430356d869d54cddb0198ec859174d53ceb92dddedbe2436db69f60977c58"
                        + "fa63bbb667f8d36920b109baae8f6c61a9ac49feda01843225d080ec5539d5881a25521f"
                        + "fb2a0a91874a9c0a27fcc2d717eb8963a9e3a89c7ab264757284c28cf8c3ca40576f4220"
                        + "b052b1fb8e9ad60ba3c80557323331a8cbb89f20",
                hex(dkm));

        Secret skD = dkm.slice(0, 20);
        assertEquals(
                "4727dc0ef94eb326ce131cf282fb652faa638ad0ddae3786a11bcc0309876009f8c485de011ad962"
                        + "c5b1ca8a41ff8145445749079c5686e26ffebbc342f06981f3da745e11ca0976424d1f8c"
                        + "aec623d59dc7186deb20a27b411d1dcb70a365440bf7de905088b0692e8addc094e18d19"
                        + "39bdb67e89798ca6b239e2ccb81c2409dac0106c",
                hex(PrfPlus.expand(SHA1, skD, 132, part(NI), part(NR))));
        assertEquals(
                "b109c21ad4c0797768c1cec9e63554681e48f224bca7f23c20c4ea7041983451e9aa1d5408656c8a"
                        + "975ff1b9d9a12c75ffeb64bdecb30174664cccb4e14f1c377b7f6d1525af77c7092aac3e"
                        + "47f917ebae8297fb5539d2008ce830823a09cc197361d4a289c72745f6ce9fefe812be5b"
                        + "f55b3200fbb82e41a4a40877d3fe106db909707b",
                hex(PrfPlus.expand(SHA1, skD, 132, part(G_IR_NEW), part(NI), part(NR))));
    }

    @Test
    void itEndsAfter255Rounds() {
        Secret key = secret("00");
        assertEquals(255 * 20, PrfPlus.expand(SHA1, key, 255 * 20, part(NI)).length());
        assertThrows(
                IllegalArgumentException.class,
                () -> PrfPlus.expand(SHA1, key, 255 * 20 + 1, part(NI)));
        assertEquals(0, PrfPlus.expand(SHA1, key, 0, part(NI)).length());
    }
}
