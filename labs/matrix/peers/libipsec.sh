# shellcheck shell=bash
# strongSwan's charon with its user-space data plane, in a namespace: ESP always in UDP.
. "$HERE/peers/strongswan.sh"
REAUTH_LOSES=0
peer_host() {
    host peer
    wire peer eth0 "$THEM/24" inet peer "$THEM_ROUTER/24"
    on peer "ip addr add $PEER_HOST/24 dev lo; ip route add default via $THEM_ROUTER; sysctl -qw net.ipv4.conf.all.promote_secondaries=1"
}
peer_start() {
    CHARON_RETRANSMIT=1 CHARON_SETTING='make_before_break = yes' charon_start peer
    on peer "ip route replace $OUR_NET dev ipsec0 src $PEER_HOST; ip rule add pref 100 lookup main suppress_prefixlength 0"
}
peer_swanctl() { charon peer "$@"; }
peer_configure() {
    folders "$OUT/peer.d" peer
    charon_conf_of_peer >"$OUT/peer.d/swanctl.conf"
    charon peer --load-all --clear --noprompt --file "$OUT/peer.d/swanctl.conf" >&4 2>&1
}
peer_log() { cat "$OUT/charon-peer/charon.log"; }
