package io.sallyport.drivers.token;

import io.sallyport.base.Octets;
import io.sallyport.ffi.cryptoki.Cka;
import io.sallyport.ffi.cryptoki.Cryptoki;
import io.sallyport.ffi.cryptoki.CryptokiException;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What belongs to a private key and is no secret: its public half, and certificates beside it. A
/// token shows them as objects with the same CKA_ID; of an RSA key the private object shows the
/// public numbers, too.
final class PublicParts {
    /// `SubjectPublicKeyInfo` up to the point, by `CKA_EC_PARAMS`: RFC 5480, 2.1.1, and RFC 8410,
    /// 4. Ed25519 comes as the curve's name (PKCS#11 v3.0, 6.3.5) or as its OID.
    private static final Map<Octets, Curve> CURVES =
            Map.of(
                    Octets.hex("06082a8648ce3d030107"),
                    new Curve("EC", "3059301306072a8648ce3d020106082a8648ce3d030107034200", 65),
                    Octets.hex("06052b81040022"),
                    new Curve("EC", "3076301006072a8648ce3d020106052b81040022036200", 97),
                    Octets.hex("06052b81040023"),
                    new Curve("EC", "30819b301006072a8648ce3d020106052b8104002303818600", 133),
                    Octets.hex("130c656477617264733235353139"),
                    new Curve("Ed25519", "302a300506032b6570032100", 32),
                    Octets.hex("06032b6570"),
                    new Curve("Ed25519", "302a300506032b6570032100", 32));

    private record Curve(String algorithm, String head, int octets) {}

    private final Cryptoki cryptoki;
    private final long session;

    PublicParts(Cryptoki cryptoki, long session) {
        this.cryptoki = cryptoki;
        this.session = session;
    }

    /// Certificates in DER.
    List<Octets> certificates(Octets id) throws CryptokiException {
        List<Octets> all = new ArrayList<>();
        for (long object : objects(Cka.CERTIFICATE, id)) {
            cryptoki.attribute(session, object, Cka.VALUE).ifPresent(all::add);
        }
        return all;
    }

    List<Long> objects(long type, Octets id) throws CryptokiException {
        return cryptoki.find(session, Map.of(Cka.CLASS, type), Map.of(Cka.ID, id));
    }

    /// Empty if neither the private key nor anything beside it shows it.
    Optional<PublicKey> publicKey(long privateKey, Octets id) throws CryptokiException {
        for (long object : objects(Cka.PUBLIC_KEY, id)) {
            Optional<PublicKey> shown = shown(object);
            if (shown.isPresent()) {
                return shown;
            }
        }
        Optional<PublicKey> own = shown(privateKey);
        return own.isPresent()
                ? own
                : certificates(id).stream().flatMap(c -> certified(c).stream()).findFirst();
    }

    boolean isTrue(long object, long attribute) throws CryptokiException {
        return cryptoki.attribute(session, object, attribute)
                .filter(value -> value.at(0) != 0)
                .isPresent();
    }

    private Optional<PublicKey> shown(long object) throws CryptokiException {
        Optional<Octets> type = cryptoki.attribute(session, object, Cka.KEY_TYPE);
        if (type.filter(t -> t.length() == Long.BYTES).isEmpty()) {
            return Optional.empty();
        }
        long kind = type.get().buffer().order(ByteOrder.nativeOrder()).getLong();
        try {
            if (kind == Cka.RSA) {
                return rsa(object);
            }
            return kind == Cka.EC || kind == Cka.EC_EDWARDS ? curve(object) : Optional.empty();
        } catch (GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    private Optional<PublicKey> rsa(long object)
            throws CryptokiException, GeneralSecurityException {
        Optional<Octets> modulus = cryptoki.attribute(session, object, Cka.MODULUS);
        Optional<Octets> exponent = cryptoki.attribute(session, object, Cka.PUBLIC_EXPONENT);
        if (modulus.isEmpty() || exponent.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                KeyFactory.getInstance("RSA")
                        .generatePublic(
                                new RSAPublicKeySpec(
                                        new BigInteger(1, modulus.get().toArray()),
                                        new BigInteger(1, exponent.get().toArray()))));
    }

    private Optional<PublicKey> curve(long object)
            throws CryptokiException, GeneralSecurityException {
        Optional<Octets> params = cryptoki.attribute(session, object, Cka.EC_PARAMS);
        Optional<Octets> point = cryptoki.attribute(session, object, Cka.EC_POINT);
        if (params.isEmpty() || point.isEmpty()) {
            return Optional.empty();
        }
        Curve curve = CURVES.get(params.get());
        if (curve == null) {
            return Optional.empty();
        }
        Octets der = Octets.concat(Octets.hex(curve.head()), bare(point.get(), curve.octets()));
        return Optional.of(
                KeyFactory.getInstance(curve.algorithm())
                        .generatePublic(new X509EncodedKeySpec(der.toArray())));
    }

    /// PKCS#11 v2.40, 2.3.3: `CKA_EC_POINT` is the "DER-encoding of ANSI X9.62 ECPoint value Q", an
    /// OCTET STRING; some tokens show the point itself.
    private static Octets bare(Octets point, int octets) {
        return point.length() > octets
                ? point.slice(point.length() - octets, point.length())
                : point;
    }

    private static Optional<PublicKey> certified(Octets der) {
        try {
            return Optional.of(
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der.toArray()))
                            .getPublicKey());
        } catch (GeneralSecurityException _) {
            return Optional.empty();
        }
    }
}
