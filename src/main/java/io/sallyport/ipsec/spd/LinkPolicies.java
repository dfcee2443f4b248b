package io.sallyport.ipsec.spd;

import io.sallyport.ipsec.select.RuleTable;

/// The policies of one TUN. The IKE loop changes it, workers read.
final class LinkPolicies {
    final RuleTable<Policy> rules = new RuleTable<>();
    volatile LinkSettings settings;

    LinkPolicies(LinkSettings settings) {
        this.settings = settings;
    }
}
