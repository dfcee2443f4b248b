package io.sallyport.ike.v2.task;

import io.sallyport.base.Octets;
import io.sallyport.base.net.IpAddress;
import io.sallyport.ike.sa.Connection;
import io.sallyport.wire.ike.v2.Configuration;
import io.sallyport.wire.ike.v2.ConfigurationAttribute;
import io.sallyport.wire.ike.v2.PayloadChain;
import io.sallyport.wire.ike.v2.number.AttributeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The addresses that we ask a peer for in IKE_AUTH (RFC 7296, 2.19 and 3.15), and what we take of
/// its answer.
public final class CfgRequest {
    /// A peer's word goes into our host: a few of each are enough.
    private static final int MOST = 8;

    private CfgRequest() {}

    /// Empty where the connection asks for none. Who had an address before asks for the same one.
    public static Optional<Configuration> of(Connection connection) {
        List<ConfigurationAttribute> attributes = new ArrayList<>();
        boolean four = false;
        boolean six = false;
        for (IpAddress wish : connection.addressesToAskFor()) {
            four |= !wish.v6();
            six |= wish.v6();
            Octets value =
                    wish.isAny()
                            ? Octets.EMPTY
                            : wish.v6()
                                    ? Octets.concat(wish.octets(), Octets.of((byte) 128))
                                    : wish.octets();
            attributes.add(
                    ConfigurationAttribute.of(
                            wish.v6()
                                    ? AttributeType.INTERNAL_IP6_ADDRESS
                                    : AttributeType.INTERNAL_IP4_ADDRESS,
                            value));
        }
        if (attributes.isEmpty()) {
            return Optional.empty();
        }
        if (four) {
            attributes.add(ConfigurationAttribute.of(AttributeType.INTERNAL_IP4_DNS, Octets.EMPTY));
        }
        if (six) {
            attributes.add(ConfigurationAttribute.of(AttributeType.INTERNAL_IP6_DNS, Octets.EMPTY));
        }
        return Optional.of(new Configuration(Configuration.REQUEST, attributes));
    }

    /// Takes what an authenticated peer gives.
    ///
    /// @return whether it gave an address, or none was asked for
    public static boolean take(Connection connection, PayloadChain answer) {
        if (connection.addressesToAskFor().isEmpty()) {
            return true;
        }
        Optional<Configuration> reply =
                answer.first(Configuration.class)
                        .filter(c -> c.configurationType() == Configuration.REPLY);
        if (reply.isEmpty()) {
            return false;
        }
        List<IpAddress> addresses =
                values(
                        reply.get(),
                        AttributeType.INTERNAL_IP4_ADDRESS,
                        AttributeType.INTERNAL_IP6_ADDRESS);
        // Only of families that we asked for, and no more of them.
        List<IpAddress> wanted = new ArrayList<>();
        for (IpAddress wish : connection.addressesToAskFor()) {
            addresses.stream()
                    .filter(a -> a.v6() == wish.v6() && !wanted.contains(a))
                    .findFirst()
                    .ifPresent(wanted::add);
        }
        if (wanted.isEmpty()) {
            return false;
        }
        connection.borrowed(
                wanted,
                values(
                        reply.get(),
                        AttributeType.INTERNAL_IP4_DNS,
                        AttributeType.INTERNAL_IP6_DNS));
        return true;
    }

    private static List<IpAddress> values(
            Configuration reply, AttributeType four, AttributeType six) {
        List<IpAddress> all = new ArrayList<>();
        for (ConfigurationAttribute a : reply.attributes()) {
            boolean v6 = a.type() == six.number();
            if ((v6 || a.type() == four.number()) && !a.value().isEmpty() && all.size() < MOST) {
                IpAddress address = CfgReply.address(a.value(), v6);
                if (!address.isAny()) {
                    all.add(address);
                }
            }
        }
        return all;
    }
}
