package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.ike.sa.Connection;
import io.sallyport.model.spec.Identity;
import io.sallyport.model.spec.PoolSpec;
import io.sallyport.wire.ike.v2.Configuration;
import io.sallyport.wire.ike.v2.ConfigurationAttribute;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.AttributeType;
import io.sallyport.wire.ike.v2.number.NotifyType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a peer gets that asks for addresses in IKE_AUTH (RFC 7296, 2.19 and 3.15): leases of the
/// connection's pools, and what those pools tell besides.
public final class CfgReply {
    /// A peer with more addresses than that asks for the pool, not for itself.
    private static final int MOST_ADDRESSES = 4;

    private CfgReply() {}

    /// What comes of it.
    public sealed interface Outcome {
        /// The peer asked for nothing, and nothing is to be had.
        record Nothing() implements Outcome {}

        record Reply(Configuration configuration) implements Outcome {}

        /// There will be no child SA.
        record Refuse(NotifyType reason, String why) implements Outcome {}
    }

    public static Outcome of(Connection connection, Identity peer, PayloadChain request) {
        Optional<Configuration> asked =
                request.first(Configuration.class)
                        .filter(c -> c.configurationType() == Configuration.REQUEST);
        List<String> pools = connection.spec().addressing().pools();
        List<IpAddress> wishes = asked.map(CfgReply::wishes).orElse(List.of());
        if (wishes.isEmpty()) {
            // RFC 7296, 3.10.1: "Sent by responder in the case where CP(CFG_REQUEST) was expected
            // but not received"
            return pools.isEmpty()
                    ? new Outcome.Nothing()
                    : new Outcome.Refuse(
                            NotifyType.FAILED_CP_REQUIRED,
                            "the peer asks for no address, and the connection has pools");
        }
        Set<IpAddress> lent = new LinkedHashSet<>();
        for (IpAddress wish : wishes) {
            connection.lend(peer, wish).ifPresent(lent::add);
        }
        if (lent.isEmpty()) {
            // RFC 7296, 3.10.1: "If this error is generated within an IKE_AUTH exchange, no Child
            // SA will be created." A family of two that cannot be had is left out instead.
            return new Outcome.Refuse(
                    NotifyType.INTERNAL_ADDRESS_FAILURE,
                    pools.isEmpty()
                            ? "the peer asks for an address, and the connection has no pool"
                            : "no address left in " + String.join(", ", pools));
        }
        return new Outcome.Reply(
                configuration(
                        List.copyOf(lent),
                        connection.context().pools().attributes(pools, List.copyOf(lent))));
    }

    private static List<IpAddress> wishes(Configuration asked) {
        List<IpAddress> wishes = new ArrayList<>();
        for (ConfigurationAttribute a : asked.attributes()) {
            boolean v4 = a.type() == AttributeType.INTERNAL_IP4_ADDRESS.number();
            boolean v6 = a.type() == AttributeType.INTERNAL_IP6_ADDRESS.number();
            if ((v4 || v6) && wishes.size() < MOST_ADDRESSES) {
                wishes.add(address(a.value(), v6));
            }
        }
        return wishes;
    }

    /// Without the prefix length that an IPv6 address has.
    static IpAddress address(Octets value, boolean v6) {
        if (value.isEmpty()) {
            return v6 ? IpAddress.ANY6 : IpAddress.ANY4;
        }
        return IpAddress.ofOctets(value.slice(0, v6 ? 16 : 4));
    }

    private static Configuration configuration(
            List<IpAddress> lent, List<PoolSpec.Attribute> settings) {
        List<ConfigurationAttribute> attributes = new ArrayList<>();
        for (IpAddress a : lent) {
            attributes.add(
                    a.v6()
                            ? ConfigurationAttribute.of(
                                    AttributeType.INTERNAL_IP6_ADDRESS,
                                    Octets.concat(a.octets(), Octets.of((byte) 128)))
                            : ConfigurationAttribute.of(
                                    AttributeType.INTERNAL_IP4_ADDRESS, a.octets()));
        }
        for (PoolSpec.Attribute setting : settings) {
            if (AttributeType.fits(setting.type(), setting.value().length())) {
                attributes.add(new ConfigurationAttribute(setting.type(), setting.value()));
            }
        }
        return new Configuration(Configuration.REPLY, attributes);
    }
}
