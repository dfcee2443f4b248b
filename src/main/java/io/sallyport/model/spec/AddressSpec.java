package io.sallyport.model.spec;

import io.sallyport.base.net.IpAddress;
import io.sallyport.base.net.IpRange;

/// How a configuration names one end's address.
public sealed interface AddressSpec {
    /// This address.
    record Fixed(IpAddress address) implements AddressSpec {
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /// Ours: the source address that the route to the peer chooses (`%defaultroute`).
    record DefaultRoute() implements AddressSpec {
        @Override
        public String toString() {
            return "%defaultroute";
        }
    }

    /// Any address in this range: as responder only.
    record Within(IpRange range) implements AddressSpec {
        @Override
        public String toString() {
            return range.toString();
        }
    }

    /// Any address: as responder only (`%any`).
    record Any() implements AddressSpec {
        @Override
        public String toString() {
            return "%any";
        }
    }

    /// A DNS name, looked up before each try.
    record Named(String name) implements AddressSpec {
        @Override
        public String toString() {
            return name;
        }
    }
}
