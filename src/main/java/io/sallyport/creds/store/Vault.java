package io.sallyport.creds.store;

import io.sallyport.base.Octets;
import io.sallyport.creds.revocation.Sources;
import io.sallyport.creds.x509.Known;
import io.sallyport.model.spec.KeySource;
import io.sallyport.model.trust.HeldKey;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Keys and certificates as they were read at one time. Never changes; any thread.
///
/// @param pairs our private keys by the id of the public one
/// @param held those that stay on tokens, likewise
/// @param authorities trusted
/// @param peers end entities' certificates, ours among them
/// @param between what came behind a certificate in its file: its chain, trusted for nothing
/// @param keys raw public keys that anybody may use who claims them
/// @param responders may sign OCSP answers
/// @param lists revocation lists that were configured
/// @param named certificates and raw keys by the source that named them
/// @param bases where certificates are that an authority issued, by the authority
/// @param places where to ask about what an authority issued
public record Vault(
        Map<Octets, KeyPair> pairs,
        Map<Octets, HeldKey> held,
        List<X509Certificate> authorities,
        List<X509Certificate> peers,
        List<X509Certificate> between,
        List<PublicKey> keys,
        List<X509Certificate> responders,
        List<X509CRL> lists,
        Map<Object, Object> named,
        Map<X509Certificate, String> bases,
        Map<X509Certificate, Places> places)
        implements Known, Sources {
    public static final Vault EMPTY = new Builder().done();

    public Vault {
        pairs = Map.copyOf(pairs);
        held = Map.copyOf(held);
        authorities = List.copyOf(authorities);
        peers = List.copyOf(peers);
        between = List.copyOf(between);
        keys = List.copyOf(keys);
        responders = List.copyOf(responders);
        lists = List.copyOf(lists);
        named = Map.copyOf(named);
        bases = Map.copyOf(bases);
        places = Map.copyOf(places);
    }

    /// The public halves of all private keys that we have.
    Stream<PublicKey> ours() {
        return Stream.concat(
                pairs.values().stream().map(KeyPair::getPublic),
                held.values().stream().map(HeldKey::publicKey));
    }

    /// Whether we have the private key to the public one with this id, here or on a token.
    public boolean isOurs(Octets id) {
        return pairs.containsKey(id) || held.containsKey(id);
    }

    @Override
    public Optional<X509Certificate> certificate(KeySource source) {
        return named.get(KeySources.key(source)) instanceof X509Certificate x509
                ? Optional.of(x509)
                : Optional.empty();
    }

    @Override
    public Optional<PublicKey> key(KeySource source) {
        return named.get(KeySources.key(source)) instanceof PublicKey key
                ? Optional.of(key)
                : Optional.empty();
    }

    @Override
    public Places places(X509Certificate authority) {
        return places.getOrDefault(authority, Places.NONE);
    }

    /// How many of each: no key is ever written.
    @Override
    public String toString() {
        return pairs.size()
                + held.size()
                + " private keys, "
                + authorities.size()
                + " authorities, "
                + peers.size()
                + " certificates";
    }

    /// Collects, each thing once.
    static final class Builder {
        final Map<Octets, KeyPair> pairs = new LinkedHashMap<>();
        final Map<Octets, HeldKey> held = new LinkedHashMap<>();
        final Set<X509Certificate> authorities = new LinkedHashSet<>();
        final Set<X509Certificate> peers = new LinkedHashSet<>();
        final Set<X509Certificate> between = new LinkedHashSet<>();
        final Set<PublicKey> keys = new LinkedHashSet<>();
        final Set<X509Certificate> responders = new LinkedHashSet<>();
        final Set<X509CRL> lists = new LinkedHashSet<>();
        final Map<Object, Object> named = new LinkedHashMap<>();
        final Map<X509Certificate, String> bases = new LinkedHashMap<>();
        final Map<X509Certificate, Places> places = new LinkedHashMap<>();

        Vault done() {
            return new Vault(
                    pairs,
                    held,
                    new ArrayList<>(authorities),
                    new ArrayList<>(peers),
                    new ArrayList<>(between),
                    new ArrayList<>(keys),
                    new ArrayList<>(responders),
                    new ArrayList<>(lists),
                    named,
                    bases,
                    places);
        }
    }
}
