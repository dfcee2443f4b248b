package io.sallyport.ipsec.spd;

import io.sallyport.base.telemetry.DropCounters;
import io.sallyport.ipsec.select.RuleTable;

/// The policies of one TUN. The IKE loop changes it, workers read.
final class LinkPolicies {
    final RuleTable<Policy> rules = new RuleTable<>();
    volatile LinkSettings settings;

    /// Packets read from it that no policy of it covers. Counted by the outbound worker.
    final DropCounters drops = new DropCounters();

    /// Policies there are. The IKE loop only.
    int count;

    LinkPolicies(LinkSettings settings) {
        this.settings = settings;
    }
}
