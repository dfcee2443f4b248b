package io.sallyport.daemon.vici;

import io.sallyport.base.Octets;
import io.sallyport.control.vici.ViciEvent;
import io.sallyport.control.vici.ViciMessage;
import io.sallyport.control.vici.ViciOperator.Sink;
import io.sallyport.creds.store.Vault;
import io.sallyport.model.spec.AuthoritySpec;
import java.security.PublicKey;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// Certificates, revocation lists and authorities that are in use, whoever loaded them. Any thread.
final class CertificateList {
    private final Supplier<Vault> vault;

    CertificateList(Supplier<Vault> vault) {
        this.vault = vault;
    }

    /// What a client asks for; ANY: all.
    private record Wanted(String type, String flag, Optional<String> subject) {
        static Wanted of(ViciMessage request) {
            return new Wanted(
                    request.text("type").orElse("ANY").toUpperCase(Locale.ROOT),
                    request.text("flag").orElse("ANY").toUpperCase(Locale.ROOT),
                    request.text("subject"));
        }

        boolean takes(String kind) {
            return type.equals("ANY") || type.equals(kind);
        }

        /// As charon: a flag without a type says nothing.
        boolean takesX509(String its) {
            return type.equals("ANY")
                    || type.equals("X509") && (flag.equals("ANY") || flag.equals(its));
        }

        boolean isOf(String name) {
            return subject.isEmpty() || subject.get().equals(name);
        }
    }

    /// As charon: raw keys, then end entities, authorities, and revocation lists.
    ViciMessage list(ViciMessage request, Sink stream) {
        Wanted wanted = Wanted.of(request);
        Vault now = vault.get();
        if (wanted.takes("PUBKEY") && wanted.subject().isEmpty()) {
            now.keys().forEach(key -> tell(stream, now, key));
        }
        x509(now, now.peers(), "NONE", wanted, stream);
        x509(now, now.authorities(), "CA", wanted, stream);
        x509(now, now.responders(), "OCSP", wanted, stream);
        if (wanted.takes("X509_CRL")) {
            now.lists().stream()
                    .filter(l -> wanted.isOf(Certificates.name(l.getIssuerX500Principal())))
                    .forEach(l -> tell(stream, l));
        }
        return ViciMessage.EMPTY;
    }

    private static void x509(
            Vault now, List<X509Certificate> all, String flag, Wanted wanted, Sink stream) {
        if (!wanted.takesX509(flag)) {
            return;
        }
        for (X509Certificate certificate : all) {
            if (wanted.isOf(Certificates.name(certificate.getSubjectX500Principal()))) {
                stream.tell(
                        ViciEvent.LIST_CERT,
                        ViciMessage.with()
                                .put("type", "X509")
                                .put("flag", flag)
                                .flag("has_privkey", hasKey(now, certificate.getPublicKey()))
                                .put("data", Certificates.encoded(certificate))
                                .done());
            }
        }
    }

    private static void tell(Sink stream, Vault now, PublicKey key) {
        stream.tell(
                ViciEvent.LIST_CERT,
                ViciMessage.with()
                        .put("type", "PUBKEY")
                        .flag("has_privkey", hasKey(now, key))
                        .put("data", Octets.of(key.getEncoded()))
                        .done());
    }

    private static void tell(Sink stream, X509CRL list) {
        try {
            stream.tell(
                    ViciEvent.LIST_CERT,
                    ViciMessage.with()
                            .put("type", "X509_CRL")
                            .put("data", Octets.of(list.getEncoded()))
                            .done());
        } catch (CRLException e) {
            throw new IllegalStateException("a revocation list that was parsed", e);
        }
    }

    private static boolean hasKey(Vault now, PublicKey key) {
        return now.isOurs(io.sallyport.creds.x509.Certificates.keyId(key));
    }

    ViciMessage listAuthorities(List<AuthoritySpec> all, ViciMessage request, Sink stream) {
        Optional<String> name = request.text("name");
        for (AuthoritySpec authority : all) {
            if (name.isEmpty() || name.get().equals(authority.name())) {
                stream.tell(ViciEvent.LIST_AUTHORITY, section(authority));
            }
        }
        return ViciMessage.EMPTY;
    }

    private ViciMessage section(AuthoritySpec authority) {
        ViciMessage.Builder to = ViciMessage.with();
        vault.get()
                .certificate(authority.certificate())
                .ifPresent(c -> to.put("cacert", Certificates.name(c.getSubjectX500Principal())));
        to.list("crl_uris", authority.crlUris());
        to.list("ocsp_uris", authority.ocspUris());
        if (!authority.uriBase().isEmpty()) {
            to.put("cert_uri_base", authority.uriBase());
        }
        return ViciMessage.with().section(authority.name(), to.done()).done();
    }
}
