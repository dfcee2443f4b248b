package io.sallyport.creds.tls;

import io.sallyport.creds.x509.Certificates;
import io.sallyport.model.trust.Evidence;
import io.sallyport.model.trust.Verdict;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Asks our own judge about the chain that the other end of TLS shows; that its key signed the
/// handshake is JSSE's to see.
final class JudgingTrust extends X509ExtendedTrustManager {
    private static final String ANY_USE = "2.5.29.37.0";
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

    private final Function<List<Evidence>, Verdict> judge;
    private Optional<String> refusal = Optional.empty();

    JudgingTrust(Function<List<Evidence>, Verdict> judge) {
        this.judge = judge;
    }

    /// Why the chain was not taken.
    Optional<String> refusal() {
        return refusal;
    }

    private void check(X509Certificate[] chain, String use) throws CertificateException {
        List<Evidence> shown = new ArrayList<>();
        for (X509Certificate one : chain) {
            shown.add(new Evidence.Certificate(Certificates.der(one)));
        }
        if (judge.apply(shown) instanceof Verdict.Refused refused) {
            throw refuse(refused.text());
        }
        if (!serves(chain[0], use)) {
            throw refuse("its certificate's extended key usage does not allow TLS of this end");
        }
    }

    private CertificateException refuse(String why) {
        refusal = Optional.of(why);
        return new CertificateException(why);
    }

    /// RFC 5280, 4.2.1.12: "If the extension is present, then the certificate MUST only be used for
    /// one of the purposes indicated."
    private static boolean serves(X509Certificate certificate, String use)
            throws CertificateParsingException {
        List<String> uses = certificate.getExtendedKeyUsage();
        return uses == null || uses.contains(use) || uses.contains(ANY_USE);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        check(chain, CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        check(chain, SERVER);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        check(chain, CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        check(chain, SERVER);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        check(chain, CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        check(chain, SERVER);
    }

    /// No wishes: what the peer has to show is agreed on beforehand.
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
