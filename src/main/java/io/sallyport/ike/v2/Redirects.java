package io.sallyport.ike.v2;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.model.event.Cause;
import io.sallyport.model.spec.AddressSpec;
import io.sallyport.wire.ike.MalformedException;
import io.sallyport.wire.ike.v2.Notify;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.notify.Redirect;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.Optional;

/// The gateway that we call names another one (RFC 5685): instead of an answer to IKE_SA_INIT, with
/// that to IKE_AUTH, or later by INFORMATIONAL.
///
/// ```text
///  HDR, SAi1, KEi, Ni, N(REDIRECT_SUPPORTED)     -->
///                                                <--  HDR, N(REDIRECT, there, Ni)
///  HDR, SAi1, KEi, Ni, N(REDIRECTED_FROM, here)  -->                       there
/// ```
///
/// Where we are sent we believe nobody more than here: the same identity is wanted, and proved.
final class Redirects {
    private static final int LONGEST_NAME = 253;

    private final V2Session session;

    Redirects(V2Session session) {
        this.session = session;
    }

    /// What our IKE_SA_INIT says.
    Notify offer() {
        return session.connection()
                .relocation()
                .redirection()
                .by()
                .map(by -> of(by).redirectedFrom())
                .orElseGet(() -> Notify.of(NotifyType.REDIRECT_SUPPORTED));
    }

    static Redirect of(IpAddress gateway) {
        return new Redirect(
                gateway.v6() ? Redirect.IPV6 : Redirect.IPV4, gateway.octets(), Octets.EMPTY);
    }

    /// Of what a person named; empty for what is no gateway.
    static Optional<Redirect> of(AddressSpec gateway) {
        return switch (gateway) {
            case AddressSpec.Fixed(IpAddress address) -> Optional.of(of(address));
            case AddressSpec.Named(String name) when isName(name) ->
                    Optional.of(new Redirect(Redirect.FQDN, Octets.ascii(name), Octets.EMPTY));
            case AddressSpec.Named _,
                    AddressSpec.Any _,
                    AddressSpec.DefaultRoute _,
                    AddressSpec.Within _ ->
                    Optional.empty();
        };
    }

    private static boolean isName(String name) {
        return name.length() <= LONGEST_NAME && name.matches("[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*");
    }

    /// The answer to our first message, which proves nothing: RFC 5685, 3: the nonce shows that who
    /// sent it saw our request. Anybody else is not listened to.
    void onFirst(PayloadChain chain, Octets nonce, long now) {
        Optional<AddressSpec> to = Optional.empty();
        try {
            Optional<Notify> said = chain.notify(NotifyType.REDIRECT.number());
            if (said.isPresent()) {
                Redirect redirect = Redirect.of(said.get());
                to = redirect.nonce().equals(nonce) ? target(redirect) : Optional.empty();
            }
        } catch (MalformedException e) {
            session.notice(e.what());
        }
        if (to.isEmpty()) {
            session.notice("REDIRECT to nowhere, or not with our nonce");
        } else if (session.connection().relocation().redirection().isInCircles(now)) {
            session.fail(
                    Cause.OTHER,
                    "IKE_SA_INIT",
                    "one gateway after the other sends us on",
                    "",
                    to.get().toString(),
                    now);
        } else if (session.life().fail(now)) {
            session.connection().relocation().redirection().sentOn(session, to.get(), now);
        }
    }

    static boolean isIn(PayloadChain chain) {
        return chain.notify(NotifyType.REDIRECT.number()).isPresent();
    }

    /// What a gateway says that has proved itself. The IKE SA with it stands until there is one
    /// with the other.
    void onAuthentic(PayloadChain chain, long now) {
        Optional<Notify> said = chain.notify(NotifyType.REDIRECT.number());
        if (said.isEmpty() || session.connection().relocation().redirection().isInCircles(now)) {
            return;
        }
        try {
            target(Redirect.of(said.get()))
                    .ifPresent(to ->
                            session.connection()
                                    .relocation()
                                    .redirection()
                                    .sentOn(session, to, now));
        } catch (MalformedException e) {
            session.notice(e.what());
        }
    }

    private static Optional<AddressSpec> target(Redirect redirect) {
        return switch (redirect.gatewayType()) {
            case Redirect.IPV4, Redirect.IPV6 ->
                    Optional.of(IpAddress.ofOctets(redirect.identity()))
                            .filter(a -> !a.isAny())
                            .map(AddressSpec.Fixed::new);
            case Redirect.FQDN ->
                    Optional.of(redirect.identity().text())
                            .filter(Redirects::isName)
                            .map(AddressSpec.Named::new);
            default -> Optional.empty();
        };
    }
}
