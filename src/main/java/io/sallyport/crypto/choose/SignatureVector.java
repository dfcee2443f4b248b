package io.sallyport.crypto.choose;

import io.sallyport.base.Octets;
import io.sallyport.crypto.suite.SignatureScheme;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/// A signature that somebody else has made, and the keys to it.
///
/// ECDSA: keys and signatures of RFC 6979, A.2.5 to A.2.7, message "sample". EdDSA: RFC 8032, 7.1
/// (test 2) and 7.4 (one octet). RSA: no RFC prints any; these were made by OpenSSL, the key too,
/// which protects nothing.
///
/// @param privateHex PKCS #8
/// @param publicHex SubjectPublicKeyInfo
record SignatureVector(
        String privateHex, String publicHex, String messageHex, String signatureHex) {
    private static final String SAMPLE = "73616d706c65";

    static SignatureVector of(SignatureScheme scheme) {
        return switch (scheme) {
            case RSA_PKCS1_SHA1 ->
                    new SignatureVector(
                            RSA_PRIVATE,
                            RSA_PUBLIC,
                            SAMPLE,
                            """
                            2aff6fa24133bcee8cb8fe6d7a3eb49dc1846047305e600996b9de166afba942
                            8f4a394f0e0da2b2333784c211019a027a916e5bee6875d98bb975b536468a54
                            4d51397fe914e4b0090c8e3d11c4ff67c302c34d2f1678b3b3217cfe01c84238
                            9ad5c15af710598aa5c3b59c135b6824a068fcaea75d112d998e25a15472b6c0
                            95a0c6946233daddfa4b85c9b23a7e41a05ca90ba39f3423779a15a1f954bb69
                            ec7186441f9ea0c4f604e490d56041c41265fb1871a40cba80c2ef8001254cf5
                            787c450a2311d73b5d63f1e37d494e8561ded02caa56da9e58c101f8db1e16cc
                            7e969c7d81368e57d8dae42133760ff2b2c020a8a6521089fd1100af49e1662c
                            """);
            case RSA_PKCS1_SHA2_256 ->
                    new SignatureVector(
                            RSA_PRIVATE,
                            RSA_PUBLIC,
                            SAMPLE,
                            """
                            7d0df2ccaead99c4c4afd78b5788a4cd78c9120b533c451c26e1fe5327d1d124
                            9ae6287c5c60cc87719fc41c7c88679d67f889f3d37963c3ab5aa53984c3fcba
                            2c44bdaafeb110a63821aa821941ae92fde674dcc382caad9e41f0755733e706
                            e5722b45c14c19a32f053197d36d25b7c0216623ce5e8426db278800b78d4e29
                            f89426d1cb0d4544fffeecd0d62bc75fe46a539ec7d48419b88637fcd1c0c9e1
                            ecefe0a7737a78914763a156390e7a41c2c7dd84b6cdf0c74275d96865ee6db8
                            d639f7830228e1658c0d2dbcb9b80b28532b11d0df8811bb8f0e37d46a289737
                            7111a93ca671edbbaa46efca2172e879e630e074e3b9556f65b975d35c3aac54
                            """);
            case RSA_PKCS1_SHA2_384 ->
                    new SignatureVector(
                            RSA_PRIVATE,
                            RSA_PUBLIC,
                            SAMPLE,
                            """
                            40acbad990b8f20aa2893321814ddbb76d40e33fa6bad2a25eecd139ea7955b5
                            ccd8d0f5c773b716aecd057a9ebc14e6b0aa3f33ae17ebdac098157a0137fa88
                            20cfe8a6d8da51fe4e627d3571e736d748b0b6af9f511ba4cb3b010f7206470c
                            149a7be0e48a6ad64f5fa85457b974ba344fa33b6147e5a0f6918cc23bb3b6c7
                            6e9063b5484f0042a24ab892357087c74703bf609d0f352dd64429e7d5f5bcd9
                            b290824d0ec3226d69b169831f3aaaaa5a6ff68781a7f85d162c714d85689cbe
                            41421c53cf9bc190e1df812cdc9cf6ce8876f9c89e8a5d36beaf9fceaa6b1259
                            3822508e6e00c2f0b5c3e8ba253a19064f1f6ff659aecce55bf5926d5b5a1a95
                            """);
            case RSA_PKCS1_SHA2_512 ->
                    new SignatureVector(
                            RSA_PRIVATE,
                            RSA_PUBLIC,
                            SAMPLE,
                            """
                            6a8fd799cfcf4b1a6e326eaca9db7293b0470a397e7509bd05cd94f1608343cf
                            db5f7c66b77dd2ebcc82e692e085109d35ec87441d015cdfb7111826b78860b6
                            254aa7ebdb75351549def37ee1dbc6cf2e148e51d3ff115ecda8c209ea4da9d9
                            b5f3b7c4e53c5495b586706a66194bc04b302169758a4e6bfa8aa056baa11b64
                            6ba3e69c5305a5f3261bfdc6c56df3f154f47a53e62350763cc42cd921d78db2
                            53ec910485ced13307086bb1fe791f40b5795e944f0e2487b0e9562ffbbd3ac3
                            8af1d1599584b43389a5c459d9f78c40fe1a0af7bad331ea2f11a1331940ef98
                            0cb79ca8bc6341fe04781be3814af8cef62eb9fb62b66f99b6f60aeb8fb1e599
                            """);
            case RSA_PSS_SHA2_256 ->
                    new SignatureVector(
                            RSA_PRIVATE,
                            RSA_PUBLIC,
                            SAMPLE,
                            """
                            3196e461e3295dc06594ae6eb3d854cc8f23c66962dd5e2ce65b43872810e672
                            3531a7b64b843665eff56522c37e92813eddb0c4656993ee7f17beb0d4b55e1f
                            48d343aaac7e2c8306c72d38ab466514bab6d4a8ec65a89ab7f79070b6749c79
                            95eb382c490f38809f537532a50da7168e88289b3ae0fd7900a3f82bc0153508
                            e6496e79f8c5809eb39f7ad2cb284c50a97cb69faf68d6c841a77a0dd4568f08
                            e75d88c3ddde561c1469c10b969c91a733b6f048e724dbb5e390102f9121e405
                            a0ae4809dbcbbbcef69e56d7ecabcf1ad558ef75e22f64eb48dab5cfa6f4aae8
                            01f6507c0fe8994f90ce480a9644db024dc608cada9a9b543b887854eed48259
                            """);
            case RSA_PSS_SHA2_384 ->
                    new SignatureVector(
                            RSA_PRIVATE,
                            RSA_PUBLIC,
                            SAMPLE,
                            """
                            211547f5533b4b35b192242a70532828012fef116801787f02e05a1f080aef87
                            888dc5d60150201b956a7bcdac872ccb6bf912eff98ee0e23ed30f59c8a77d59
                            e5eda9a6056bf07f7edb640c98a1142df1156b4732f8932fff9fccc3972fb02b
                            c42dad1378b26d20b110663de31801fb6d7ff734affbd4d7e1d9e38eab33f515
                            3190f67d56624eac82e63d086eccf3eb1f0239c2180109b6ff177a0c5b6f5d07
                            bac2e352666dc74133d9118f3af2ff990b8b51a3fe7b85a54dec2c64c87a9e66
                            c1dbdcc127ae2f543c70ed30ae7d35e679dd2f2edc6d9acc19752c5c5aa51d0e
                            eb360d6f898c006ff67972ba9195dcc85ae800e2a40f8ebba1d17f380205f911
                            """);
            case RSA_PSS_SHA2_512 ->
                    new SignatureVector(
                            RSA_PRIVATE,
                            RSA_PUBLIC,
                            SAMPLE,
                            """
                            149effaed7c9c42c2fef5a43f962e75da061e309967eb78b8c1d202d07214017
                            3c2074f8c9c384cbfd2b5c4aa7d1c6817f80828fd2e1c3462d9575698b723622
                            4106c054a7a808a21549748e9c6fc94e4fd1d261e0419f4933bf9e1a9fb8f2ac
                            89325e036c0d56f168f35edebb2a8030a7687f8be3319ab3c783d4dfbef56b48
                            b0ed460d130f611d22902f8efbd04ff67560c1242b74e93d9c7d55dd7f328523
                            974e34849c7fdcbc984d36002ca757b123b7307f9256b91ce7ac0477d440a076
                            db61dde2c34b6d3b20bab611e6c885ac069471e6b1e6ace86f82e69203f092ff
                            918c82b07fb181bdd448175200428b781064af41accf05641f28ed104f4ba558
                            """);
            case RSA_BARE ->
                    new SignatureVector(
                            RSA_PRIVATE,
                            RSA_PUBLIC,
                            SAMPLE,
                            """
                            1e0b111e86e8ec53ead46775a41b3a9c2f7b9a2e026d91374b3b9e5d76086b38
                            5539b10695157d8386851898d3cd763d73fb9fce0da1ca292fed7a3f87a573b7
                            3690f3cc319c9b500fa3c52a983e259233c1c084999c331d678d096e6c7765fc
                            28db62d09969c381e631c463b192515b74abdb1130376e3edfd204a1836c0840
                            639c22cd9c4ce56e3c549257c642eaa5e10f15d932b853898ccadc9216ba6475
                            4de5884b1cad73a56b4f752a3c8dbacf57cb2e192dbe7a8186aa383ac4a430b9
                            cf6c3876726bf2c0c4eff24f015aae7d730b65544df5411646c7323189621ec1
                            a9146b57631de0ddfdedbc823eb083a3f2613886b6407dcd704027115a72be79
                            """);
            case ECDSA_SHA1 ->
                    new SignatureVector(
                            P256_PRIVATE,
                            P256_PUBLIC,
                            SAMPLE,
                            """
                            3044022061340c88c3aaebeb4f6d667f672ca9759a6ccaa9fa8811313039ee4a
                            35471d3202206d7f147dac089441bb2e2fe8f7a3fa264b9c475098fdcf6e00d7
                            c996e1b8b7eb
                            """);
            case ECDSA_SHA2_256 ->
                    new SignatureVector(
                            P256_PRIVATE,
                            P256_PUBLIC,
                            SAMPLE,
                            """
                            3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0e
                            a84eaf3716022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff406
                            4dc4ab2f843acda8
                            """);
            case ECDSA_SHA2_384 ->
                    new SignatureVector(
                            P384_PRIVATE,
                            P384_PUBLIC,
                            SAMPLE,
                            """
                            306602310094edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4
                            ea95ad133c81a648152e44acf96e36dd1e80fabe4602310099ef4aeb15f178ce
                            a1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e
                            7b82c71a38628ac8
                            """);
            case ECDSA_SHA2_512 ->
                    new SignatureVector(
                            P521_PRIVATE,
                            P521_PUBLIC,
                            SAMPLE,
                            """
                            308187024200c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53
                            950e6d4c5f174e25a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15
                            bf05ec36e377fa0241617cce7cf5064806c467f678d3b4080d6f1cc50af26ca2
                            09417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc
                            43997f1ee0e44da4a67a
                            """);
            case ECDSA_P256_RAW ->
                    new SignatureVector(
                            P256_PRIVATE,
                            P256_PUBLIC,
                            SAMPLE,
                            """
                            efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716
                            f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8
                            """);
            case ECDSA_P384_RAW ->
                    new SignatureVector(
                            P384_PRIVATE,
                            P384_PUBLIC,
                            SAMPLE,
                            """
                            94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c
                            81a648152e44acf96e36dd1e80fabe4699ef4aeb15f178cea1fe40db2603138f
                            130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8
                            """);
            case ECDSA_P521_RAW ->
                    new SignatureVector(
                            P521_PRIVATE,
                            P521_PUBLIC,
                            SAMPLE,
                            """
                            00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f
                            174e25a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15bf05ec36e3
                            77fa00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b
                            68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc43997f1ee0e4
                            4da4a67a
                            """);
            case ED25519 ->
                    new SignatureVector(
                            ED25519_PRIVATE,
                            ED25519_PUBLIC,
                            "72",
                            """
                            92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da
                            085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00
                            """);
            case ED448 ->
                    new SignatureVector(
                            ED448_PRIVATE,
                            ED448_PUBLIC,
                            "03",
                            """
                            26b8f91727bd62897af15e41eb43c377efb9c610d48f2335cb0bd0087810f435
                            2541b143c4b981b7e18f62de8ccdf633fc1bf037ab7cd779805e0dbcc0aae1cb
                            cee1afb2e027df36bc04dcecbf154336c19f0af7e0a6472905e799f1953d2a0f
                            f3348ab21aa4adafd1d234441cf807c03a00
                            """);
        };
    }

    Octets message() {
        return Octets.hex(messageHex);
    }

    Octets signature() {
        return Octets.hex(signatureHex);
    }

    PrivateKey privateKey(SignatureScheme scheme) throws GeneralSecurityException {
        return KeyFactory.getInstance(family(scheme))
                .generatePrivate(new PKCS8EncodedKeySpec(Octets.hex(privateHex).toArray()));
    }

    PublicKey publicKey(SignatureScheme scheme) throws GeneralSecurityException {
        return KeyFactory.getInstance(family(scheme))
                .generatePublic(new X509EncodedKeySpec(Octets.hex(publicHex).toArray()));
    }

    private static String family(SignatureScheme scheme) {
        return switch (scheme.kind()) {
            case RSA_PKCS1, RSA_PSS, RSA_BARE -> "RSA";
            case ECDSA, ECDSA_RAW -> "EC";
            case EDDSA -> "EdDSA";
        };
    }

    private static final String RSA_PRIVATE =
            """
            308204bd020100300d06092a864886f70d0101010500048204a7308204a30201
            000282010100c26c88ef20c62a054131201b36f0ff1d6a933312b6fec1d4434b
            f51b06e0118d9a37ebccd2184b83f4c981b1563bfc792c53771c2e6d1bb09242
            bfc18fe4e81d1f223db8b1237ef6ca4c57cc73ff0b4fc7caf33508ff6429663a
            b74a185aeef602809edb02c11b8fd3f23e957596f9573101ed59987b4982d6e9
            07e914616743bed3b06cfae137a846ae56b11e281d59fd202c63962e418a3e3f
            899ffca6b414f1bbe4335fff8b4beac86f7a27f9ed0732f3609d82bb649b31b0
            ff8252010b8239742afc42d27c95ae79c4a1d0315217f60786ae41e4885eeecf
            430c9c10d0c53f95218e03e3bb4e83640334c6d5e490da3d7490adb293992920
            117e4a214e4102030100010282010001f7f7580935880f510935176773dfc4d1
            b1e02446883f8f023e623606c8a85ba47b8cf296a374e996ffb1e25fc8f1d529
            ea3916b0794dc64f2f6b366a23c43b0df4e2d04792303a151cd3da9bd451d7d0
            6be390d0123f70329fe1e68113b3ef64619e988e55d899fc486bcf946ef77315
            7343552b262c20d750360f61a0890182c5413e054a9ebdd4b12d48688110bec2
            1bf4defe41f12dd542d5ebbcc9cd8e9e9350d1d54d9862a5d7e9944771c86aff
            43a86676b2d85f6827eb3a78c15573df8186c589105743bf37c5bd5e5b5b8260
            b04291e86bc3689f53936e4a9681fd0c53174f4dc7c0fbc1eb7ad4a1daf4ead9
            0bbba0efb96870cca13d73442d081102818100f71b57f6ee10683bcc54bc74a0
            cd106e3d5c33fe61f8fe7213cbe49f63402790ebc4aef56066d09e5e545ab27f
            b046070dcd1937a29a1f1c90597039b3675f00326ca35b774d3d2430d45e52af
            3fcd5999268a091560a48ffc792fdf0447c81009f0ac7c7f744200ba3b036f30
            f0d55b30f37a09c1fae10e4ae68b6d58cc797102818100c96bcfa72e4a6698c9
            55fb21926a415f8f21cb93c56e80b7d97cfb8c64b4dc0baf75b66978d9ef84ab
            35f4ed60b10e6e7b122526ca7d2f7738ca40fcf1f242c46d457c40ab299d18b8
            320b0a99c6542f295423b6924304d4fea239b606edeb467604e3b66ee9226e59
            6d9c3892c0053b0738457c936c85a8a3409d83b2a839d10281804c62ec7f4dba
            4eae658cb031116032bb1146c65fd5a365ec97c808a568c5f5352c5cc184e2c7
            05a85f1a8e6aed63ed51d2e75aeb42dd87ce89a4cc375a091369f92c72171d3b
            08327ed1b752b20ff407c57b0f629d74218acd0e1d4940867c06d13bcfe63074
            1ccf22c2895e3eefc3d48bbe483469fd86c2a74ebb3d131d2a5102818100c3c9
            a057898f989afb5a307a39b03f4b7bfe05bce634bbb9fa169b0da4f688ce7307
            a1007510a2d9faf2bfd9de1b3d43f72d741f78c4a6d6e4c4f4d6eaf7ea1eb578
            cd86aeda0c7272d9721223d7bd0cfac766cf98ecbc4dae1652b2b5999f1126b7
            2a01b35dbab2390b6ac7331ea3f6f4d5a5f5a9f7db14495c0dc06e7147810281
            80162bd885599889aa0d5258a3eb2492f3fe5c2b0c4ae0eba5f58320819aef69
            5fa984f5c2cc2b9d60861e221af6d639c893ca32bb7f7262a2dfffa18dbe0c3c
            bfd3e5423e5d0df3b5e19dc997916ff8a7a0434fe9bcdf506c8125ec7e907053
            6f66455dcb716a3ce74ae5ea5c235c85aa6d4896bc5a06c8d637fb89a241d882
            a9
            """;

    private static final String RSA_PUBLIC =
            """
            30820122300d06092a864886f70d01010105000382010f003082010a02820101
            00c26c88ef20c62a054131201b36f0ff1d6a933312b6fec1d4434bf51b06e011
            8d9a37ebccd2184b83f4c981b1563bfc792c53771c2e6d1bb09242bfc18fe4e8
            1d1f223db8b1237ef6ca4c57cc73ff0b4fc7caf33508ff6429663ab74a185aee
            f602809edb02c11b8fd3f23e957596f9573101ed59987b4982d6e907e9146167
            43bed3b06cfae137a846ae56b11e281d59fd202c63962e418a3e3f899ffca6b4
            14f1bbe4335fff8b4beac86f7a27f9ed0732f3609d82bb649b31b0ff8252010b
            8239742afc42d27c95ae79c4a1d0315217f60786ae41e4885eeecf430c9c10d0
            c53f95218e03e3bb4e83640334c6d5e490da3d7490adb293992920117e4a214e
            410203010001
            """;

    private static final String P256_PRIVATE =
            """
            308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b02
            01010420c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b
            120f6721a1440342000460fed4ba255a9d31c961eb74c6356d68c049b8923b61
            fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e
            9f5177a3c294d4462299
            """;

    private static final String P256_PUBLIC =
            """
            3059301306072a8648ce3d020106082a8648ce3d0301070342000460fed4ba25
            5a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008
            b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299
            """;

    private static final String P384_PRIVATE =
            """
            3081b6020100301006072a8648ce3d020106052b8104002204819e30819b0201
            0104306b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa4774078
            7137d896d5724e4c70a825f872c9ea60d2edf5a16403620004ec3a4e415b4e19
            a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea905586
            6064a254515480bc138015d9b72d7d57244ea8ef9ac0c621896708a59367f9df
            b9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720
            """;

    private static final String P384_PUBLIC =
            """
            3076301006072a8648ce3d020106052b8104002203620004ec3a4e415b4e19a4
            568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea90558660
            64a254515480bc138015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9
            f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720
            """;

    private static final String P521_PRIVATE =
            """
            3081ee020100301006072a8648ce3d020106052b810400230481d63081d30201
            01044200fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b6
            8c7e75caa896eb32f1f47c70855836a6d16fcc1466f6d8fbec67db89ec0c08b0
            e996b83538a18189038186000401894550d0785932e00eaa23b694f213f8c312
            1f86dc97a04e5a7167db4e5bcd371123d46e45db6b5d5370a7f20fb633155d38
            ffa16d2bd761dcac474b9a2f5023a400493101c962cd4d2fddf782285e645841
            39c2f91b47f87ff82354d6630f746a28a0db25741b5b34a828008b22acc23f92
            4faafbd4d33f81ea66956dfeaa2bfdfcf5
            """;

    private static final String P521_PUBLIC =
            """
            30819b301006072a8648ce3d020106052b81040023038186000401894550d078
            5932e00eaa23b694f213f8c3121f86dc97a04e5a7167db4e5bcd371123d46e45
            db6b5d5370a7f20fb633155d38ffa16d2bd761dcac474b9a2f5023a400493101
            c962cd4d2fddf782285e64584139c2f91b47f87ff82354d6630f746a28a0db25
            741b5b34a828008b22acc23f924faafbd4d33f81ea66956dfeaa2bfdfcf5
            """;

    private static final String ED25519_PRIVATE =
            """
            302e020100300506032b6570042204204ccd089b28ff96da9db6c346ec114e0f
            5b8a319f35aba624da8cf6ed4fb8a6fb
            """;

    private static final String ED25519_PUBLIC =
            """
            302a300506032b65700321003d4017c3e843895a92b70aa74d1b7ebc9c982ccf
            2ec4968cc0cd55f12af4660c
            """;

    private static final String ED448_PRIVATE =
            """
            3047020100300506032b6571043b0439c4eab05d357007c632f3dbb48489924d
            552b08fe0c353a0d4a1f00acda2c463afbea67c5e8d2877c5e3bc397a659949e
            f8021e954e0a12274e
            """;

    private static final String ED448_PUBLIC =
            """
            3043300506032b6571033a0043ba28f430cdff456ae531545f7ecd0ac834a55d
            9358c0372bfa0c6c6798c0866aea01eb00742802b8438ea4cb82169c23516062
            7b4c3a9480
            """;
}
