package io.sallyport.creds.tls;

import io.sallyport.base.Octets;
import io.sallyport.base.Secret;
import io.sallyport.model.event.Cause;
import io.sallyport.model.port.TlsConversation;
import io.sallyport.model.trust.Evidence;
import io.sallyport.model.trust.Verdict;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLKeyException;
import javax.net.ssl.TrustManager;

/// One end of a handshake by JSSE: TLS 1.3 or 1.2, both ends with certificates, no session resumed.
public final class JsseConversation implements TlsConversation {
    private static final int MOST_OCTETS = 1 << 16;
    private static final int EXPORTED = 128;
    private static final int MSK = 64;

    /// RFC 9190, 2.5: "The EAP-TLS server [...] MUST send [...] an encrypted TLS record with TLS
    /// application data 0x00".
    private static final byte SUCCESS = 0;

    private final boolean server;
    private final JudgingTrust trust;
    private final SSLEngine engine;
    private boolean begun;
    private boolean finished;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /// @param chain of `key`, ours first
    /// @param judge of the chain that the other end shows
    public JsseConversation(
            boolean server,
            PrivateKey key,
            List<X509Certificate> chain,
            Function<List<Evidence>, Verdict> judge)
            throws GeneralSecurityException {
        this.server = server;
        this.trust = new JudgingTrust(judge);
        // A context of its own: nothing is remembered of other peers' sessions
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new OneKey(key, chain)}, new TrustManager[] {trust}, null);
        this.engine = context.createSSLEngine();
        engine.setUseClientMode(!server);
        engine.setNeedClientAuth(server);
        engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    }

    @Override
    public Step advance(Octets received) {
        try {
            said.reset();
            boolean told = exchange(ByteBuffer.wrap(received.toArray()));
            return next(told);
        } catch (SSLKeyException e) {
            // RFC 7627, 5.4: without extended_master_secret nothing may be exported
            return failed(Cause.METHOD, "TLS 1.2 without extended_master_secret: use TLS 1.3");
        } catch (SSLException e) {
            String why = String.valueOf(e.getMessage());
            if (trust.refusal().isPresent()) {
                return failed(Cause.CERTIFICATE, trust.refusal().get());
            }
            return failed(
                    why.contains("fatal alert") ? Cause.NOT_BELIEVED : Cause.MALFORMED,
                    "TLS: " + why);
        }
    }

    /// @return whether the server's word of success came
    private boolean exchange(ByteBuffer in) throws SSLException {
        if (!begun) {
            begun = true;
            engine.beginHandshake();
        }
        ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> wrap(new byte[0]);
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> {
                    if (!in.hasRemaining()) {
                        return plain.position() == 1 && plain.get(0) == SUCCESS;
                    }
                    heed(engine.unwrap(in, plain));
                    if (plain.position() > 1) {
                        throw new SSLException("application data in EAP-TLS");
                    }
                }
            }
        }
    }

    private void wrap(byte[] data) throws SSLException {
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        heed(engine.wrap(ByteBuffer.wrap(data), out));
        said.write(out.array(), 0, out.position());
        if (said.size() > MOST_OCTETS) {
            throw new SSLException("a flight that is too long");
        }
    }

    private void heed(SSLEngineResult result) throws SSLException {
        switch (result.getStatus()) {
            case OK -> {}
            case BUFFER_UNDERFLOW -> throw new SSLException("a record that ends too early");
            case BUFFER_OVERFLOW -> throw new SSLException("a record that is too long");
            case CLOSED -> throw new SSLException("it was closed");
        }
        finished |= result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.FINISHED;
    }

    private Step next(boolean told) throws SSLException {
        if (!finished) {
            return new Step.Going(said());
        }
        boolean tls13 = engine.getSession().getProtocol().equals("TLSv1.3");
        if (server && tls13) {
            wrap(new byte[] {SUCCESS});
        }
        // RFC 9190, 2.5: a client of TLS 1.3 that has said its last does not know yet whether it
        // is taken
        return server || !tls13 || told
                ? new Step.Done(said(), key(tls13))
                : new Step.Going(said());
    }

    /// RFC 9190, 2.3 and RFC 5216, 2.3: the MSK is the first half of what is exported.
    private Secret key(boolean tls13) throws SSLException {
        ExtendedSSLSession session = (ExtendedSSLSession) engine.getSession();
        byte[] exported =
                tls13
                        ? session.exportKeyingMaterialData(
                                "EXPORTER_EAP_TLS_Key_Material", new byte[] {13}, EXPORTED)
                        : session.exportKeyingMaterialData("client EAP encryption", null, EXPORTED);
        Secret msk = Secret.owned(Arrays.copyOf(exported, MSK));
        Arrays.fill(exported, (byte) 0);
        return msk;
    }

    private Octets said() {
        return Octets.owned(said.toByteArray());
    }

    /// With the alert that JSSE wants to send, if it wants to.
    private Step failed(Cause cause, String why) {
        said.reset();
        try {
            for (int i = 0;
                    i < 4
                            && engine.getHandshakeStatus()
                                    == SSLEngineResult.HandshakeStatus.NEED_WRAP;
                    i++) {
                ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
                engine.wrap(ByteBuffer.allocate(0), out);
                said.write(out.array(), 0, out.position());
            }
        } catch (SSLException e) {
            said.reset(); // there is no telling the peer
        }
        return new Step.Failed(said(), cause, shown(why));
    }

    private static String shown(String why) {
        byte[] text = why.getBytes(StandardCharsets.UTF_8);
        String cut = new String(text, 0, Math.min(text.length, 300), StandardCharsets.UTF_8);
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    @Override
    public void close() {
        engine.closeOutbound();
    }
}
