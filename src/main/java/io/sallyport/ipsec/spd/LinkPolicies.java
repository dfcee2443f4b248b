package io.sallyport.ipsec.spd;

/// The ordered policies of one TUN, as published to the worker.
final class LinkPolicies {
    final LinkSettings settings;
    final Policy[] ordered;

    LinkPolicies(LinkSettings settings, Policy[] ordered) {
        this.settings = settings;
        this.ordered = ordered;
    }
}
