package io.sallyport.crypto.choose;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;

/// A key agreement that somebody else has computed.
///
/// @param privateHex our private value
/// @param publicHex the public value that belongs to it, as in a KE payload
/// @param peerHex the peer's public value
/// @param secretHex what both must come to
record AgreementVector(String privateHex, String publicHex, String peerHex, String secretHex) {
    /// RFC 5114, A.1.
    static final AgreementVector MODP_1024_160 =
            new AgreementVector(
                    """
                    b9a3b3ae8fefc1a2930496507086f8455d48943e
                    """,
                    """
                    2a853b3d92197501b9015b2deb3ed84f5e021dcc3e52f109d3273d2b7521281c
                    babe0e76ff5727fa8acce26956ba9a1fca26f20228d8693feb10841d84a73600
                    54ece5a7f5b7a61ad3dfb3c60d2e43106d8727da37df9cce95b478755d06bcea
                    8f9d45965f75a5f3d1df3701165fc9e50c4279ceb07f989540ae96d5d88ed776
                    """,
                    """
                    717a6cb053371ff4a3b932941c1e5663f861a1d6ad34ae66576dfb98f6c6cbf9
                    ddd5a56c7833f6bcfdff095582ad868e440e8d09fd769e3ceccdc3d3b1e4cfa0
                    57776caaf9739b6a9fee8e7411f8d6dac09d6a4edb46cc2b5d5203090eae6126
                    311e53fd2c14b574e6a3109a3da1be41bdceaa186f5ce06716a2b6a07b3c33fe
                    """,
                    """
                    5c804f454d30d9c4df85271f93528c91df6b48ab5f80b3b59caac1b28f8acba9
                    cd3e39f3cb614525d9521d2e644c53b807b810f340062f257d7d6fbfe8d5e8f0
                    72e9b6e9afda9413eafb2e8b0699b1fb5a0caceddeaead7e9cfbb36ae2b42083
                    5bd83a19fb0b5e96bf8fa4d09e345525167ecd9155416f46f408ed31b63c6e6d
                    """);

    /// RFC 5114, A.2.
    static final AgreementVector MODP_2048_224 =
            new AgreementVector(
                    """
                    22e62601dbffd06708a680f747f361f76d8f4f721a0548e483294b0c
                    """,
                    """
                    1b3a63451bd886e699e67b494e288bd7f8e0d370badda7a0efd2fde7d8f66145
                    cc9f280419975eb808877c8a4c0c8e0bd48d4a5401eb1e8776bfeee134c03831
                    ac273cd9d635ab0ce006a42a887e3f52fb8766b650f38078bc8ee8580cefe243
                    968cfc4f8dc3db084554171d41bf2e861b7bb4d69dd0e01ea387cbaa5ca672af
                    cbe8bdb9d62d4ce15f17dd36f91ed1eedd65ca4a06455cb94cd40a52ec360e84
                    b3c926e22c4380a3bf309d56849768b7f52cfdf655fd053a7ef706979e7e5806
                    b17dfae53ad2a5bc568ebb529a7a61d68d256f8fc97c074a861d827e2ebc8c61
                    34553115b70e7103920aa16d85e52bcbab8d786a68178fa8ff7c2f5c71648d6f
                    """,
                    """
                    4dcee992a9762a13f2f83844ad3d77ee0e31c9718b3db6c2035d3961182c3e0b
                    a247ec4182d760cd48d99599970622a1881bba2dc822939c78c3912c6661fa54
                    38b20766222b75e24c2e3ad0c7287236129525ee15b5dd7998aa04c4a9696cac
                    d7172083a97a81664ead2c479e444e4c0654cc19e28d7703cee8dacd6126f5d6
                    65ec52c67255db92014b037eb621a2ac8e365de071ffc1400acf077a12913dd8
                    de89473437ab7ba346743c1b215dd9c12164a7e4053118d199bec8ef6fc56117
                    0c84c87d10ee9a674a1fa8ffe13bdfba1d44de48946d68dc0cdd777635a7ab5b
                    fb1e4bb7b856f96827734c184138e915d9c3002ebce53120546a7e2002142b6c
                    """,
                    """
                    34d9bddc1b42176c313fea034c21034d074a6313bb4ecdb3703fff424567a46b
                    df75530ede0a9da5229de7d76732286cbc0f91da4c3c852fc099c679531d94c7
                    8ab03d9decb0a4e4ca8b2bb4591c4021cf8ce3a20a541d33994017d0200ae2c9
                    516e2ff5145779269e862b0fb474a2d56dc31ed569a7700b4c4ab16b22a45513
                    531ef523d71212077b5a169bdeffad7ad9608284c7795b6d5a5183b87066de17
                    d8d671c9ebd8ec89544d45ec061593d442c62ab9ce3b1cb9943a1d23a5ea3bcf
                    21a01471e67e003e7f8a69c728be490b2fc88cfeb92db6a215e5d03c17c464c9
                    ac1a46e203e13f952995fb03c69d3cc47fcb510b6998ffd3aa6de73cf9f63869
                    """);

    /// RFC 5114, A.3.
    static final AgreementVector MODP_2048_256 =
            new AgreementVector(
                    """
                    0881382cdb87660c6dc13e614938d5b9c8b2f248581cc5e31b35454397fce50e
                    """,
                    """
                    2e9380c8323af97545bc4941deb0ec3742c62fe0ece824a6abdbe66c59bee024
                    2911bfb967235ceba35ae13e4ec752be630b92dc4bde2847a9c62cb815274542
                    1fb7eb60a63c0fe9159fcce726ce7cd8523d7450667ef840e4919121eb5f01c8
                    c9b0d3d648a93bfb75689e8244ac134af544711ce79a02dcc34226684780dddc
                    b498594106c37f5bc79856487af5ab022a2e5e42f09897c1a85a11ea0212af04
                    d9b4cebc937c3c1a3e15a8a0342e337615c84e7fe3b8b9b87fb1e73a15af12a3
                    0d746e06dfc34f290d797ce51aa13aa785bf6658aff5e4b093003cbeaf665b3c
                    2e113a3a4e905269341dc0711426685f4ef37e868a8126ff3f2279b57ca67e29
                    """,
                    """
                    575f0351bd2b1b817448bdf87a6c362c1e289d3903a30b9832c5741fa250363e
                    7acbc7f77f3dacbc1f131add8e03367eff8fbbb3e1c5784424809b25afe4d226
                    2a1a6fd2fab64105ca30a674e07f7809852088632fc049233791ad4edd083a97
                    8b883ee618bc5e0dd047415f2d95e683cf14826b5fbe10d3ce41c6c120c78ab2
                    0008c698bf7f0bcab9d7f407bed0f43afb2970f57f8d12043963e66ddd320d59
                    9ad9936c8f44137c08b180ec5e985cebe186f3d549677e80607331ee17af3380
                    a725b0782317d7dd43f59d7af9568a9bb63a84d365f92244ed120988219302f4
                    2924c7ca90b89d24f71b0ab697823d7deb1aff5b0e8e4a45d49f7f53757e1913
                    """,
                    """
                    86c70bf8d0bb81bb01078a17219cb7d27203db2a19c877f1d1f19fd7d77ef225
                    46a68f005ad52dc84553b78fc60330be51ea7c0672cac1515e4b35c047b9a551
                    b88f39dc26da14a09ef74774d47c762dd177f9ed5bc2f11e52c879bd95098504
                    cd9eecd8a8f9b3efbd1f008ac5853097d9d1837f2b18f77cd7be01af80a7c7b5
                    ea3ca54cc02d0c116fee3f95bb87399385875d7e86747e676e728938acbff709
                    8e05be4dcfb24052b83aeffb14783f029adbde7f53fae92084224090e007cee9
                    4d4bf2bace9ffd4b57d2af7c724d0caa19bf0501f6f17b4aa10f425e3ea76080
                    b4b9d6b3cefea115b2ceb8789bb8a3b0ea87febe63b6c8f846ec6db0c26c5d7c
                    """);

    /// RFC 5114, A.6.
    static final AgreementVector ECP_256 =
            new AgreementVector(
                    """
                    814264145f2f56f2e96a8e337a1284993faf432a5abce59e867b7291d507a3af
                    """,
                    """
                    2af502f3be8952f2c9b5a8d4160d09e97165be50bc42ae4a5e8d3b4ba83aeb15
                    eb0faf4ca986c4d38681a0f9872d79d56795bd4bff6e6de3c0f5015ece5efd85
                    """,
                    """
                    b120de4aa36492795346e8de6c2c8646ae06aaea279fa775b3ab0715f6ce51b0
                    9f1b7eece20d7b5ed8ec685fa3f071d83727027092a8411385c34dde5708b2b6
                    """,
                    """
                    dd0f5396219d1ea393310412d19a08f1f5811e9dc8ec8eea7f80d21c820c2788
                    """);

    /// RFC 5114, A.7.
    static final AgreementVector ECP_384 =
            new AgreementVector(
                    """
                    d27335ea71664af244dd14e9fd1260715dfd8a7965571c48d709ee7a7962a156
                    d706a90cbcb5df2986f05feadb9376f1
                    """,
                    """
                    793148f1787634d5da4c6d9074417d05e057ab62f82054d10ee6b0403d627954
                    7e6a8ea9d1fd77427d016fe27a8b8c66c6c41294331d23e6f480f4fb4cd40504
                    c947392e94f4c3f06b8f398bb29e42368f7a685923de3b67baced214a1a1d128
                    """,
                    """
                    5cd42ab9c41b5347f74b8d4efb708b3d5b36db65915359b44abc17647b6b9999
                    789d72a84865ae2f223f12b5a1abc120e171458feaa939aaa3a8bfac46b404bd
                    8f6d5b348c0fa4d80ceca16356ca933240bde8723415a8ece035b0edf36755de
                    """,
                    """
                    5ea1fc4af7256d2055981b110575e0a8cae53160137d904c59d926eb1b8456e4
                    27aa8a4540884c37de159a58028abc0e
                    """);

    /// RFC 5114, A.8.
    static final AgreementVector ECP_521 =
            new AgreementVector(
                    """
                    0113f82da825735e3d97276683b2b74277bad27335ea71664af2430cc4f33459
                    b9669ee78b3ffb9b8683015d344dcbfef6fb9af4c6c470be254516cd3c1a1fb4
                    7362
                    """,
                    """
                    01ebb34dd75721abf8adc9dbed17889cbb9765d90a7c60f2cef007bb0f2b26e1
                    4881fd4442e689d61cb2dd046ee30e3ffd20f9a45bbdf6413d583a2dbf59924f
                    d35c00f6b632d194c0388e22d8437e558c552ae195adfd153f92d74908351b2f
                    8c4eda94edb0916d1b53c020b5eecaed1a5fc38a233e4830587bb2ee3489b3b4
                    2a5a86a4
                    """,
                    """
                    010ebfafc6e85e08d24bfffcc1a4511db0e634beeb1b6dec8c5939ae44766201
                    af6200430ba97c8ac6a0e9f08b33ce7e9feeb5ba4ee5e0d81510c24295b8a08d
                    023500a4a6ec300df9e257b0372b5e7abfef093436719a77887ebb0b18cf8099
                    b9f4212b6e30a1419c18e029d36863cc9d448f4dba4d2a0e60711be572915fbd
                    4fef2695
                    """,
                    """
                    00cdea89621cfa46b132f9e4cfe2261cde2d4368eb5656634c7cc98c7a00cde5
                    4ed1866a0dd3e6126c9d2f845daff82ceb1da08f5d87521bb0ebeca77911169c
                    20cc
                    """);

    /// RFC 7748, 6.2.
    static final AgreementVector CURVE_448 =
            new AgreementVector(
                    """
                    9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf5
                    74a9419744897391006382a6f127ab1d9ac2d8c0a598726b
                    """,
                    """
                    9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bb
                    c836647241d953d40c5b12da88120d53177f80e532c41fa0
                    """,
                    """
                    3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b43027d8b972
                    fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609
                    """,
                    """
                    07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282bb60c0b56
                    fd2464c335543936521c24403085d59a449a5037514a879d
                    """);

    /// RFC 7748, 6.1.
    static final AgreementVector CURVE_25519 =
            new AgreementVector(
                    """
                    77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a
                    """,
                    """
                    8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a
                    """,
                    """
                    de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f
                    """,
                    """
                    4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742
                    """);

    Secret privateValue() {
        return Secret.of(Octets.hex(privateHex));
    }

    Octets publicValue() {
        return Octets.hex(publicHex);
    }

    Octets peer() {
        return Octets.hex(peerHex);
    }

    Octets secret() {
        return Octets.hex(secretHex);
    }
}
