# shellcheck shell=bash
# A peer with a real kernel: a user-mode Linux guest. Its commands are files in it, so that one look is one call.
peer_host() {
    guest_start peer inet peer "$THEM/24" "$THEM_ROUTER"
    on inet ip addr add "$THEM_ROUTER/24" dev peer
    guests_ready
    guest_script peer <<S
set -e
ip addr add $PEER_HOST/24 dev lo
sysctl -qw net.ipv4.conf.all.promote_secondaries=1 net.ipv4.conf.eth0.promote_secondaries=1
S
}
# what the kernel has, two halves of a pair next to each other, in and out as the peer sees it; SAs without a key (larval) have none
KERNEL_ESP='ip xfrm state | awk "/^src/ {d = \$4; s = \$2} /proto esp/ {print s, d, \$4}"'
kernel_esp() { # `src dst spi` on stdin: one line `esp in out` when there is one of each, else one for each SPI
    awk -v me="$THEM" -v moved="$THEM_MOVED" '/^(#|$)/ {next} $2 == me || $2 == moved {i[++n] = substr($3, 3); next} {o[++m] = substr($3, 3)}
        END {for (k = 1; k <= n || k <= m; k++) print "esp", i[k], o[k]}'
}
# ESP without an SA
peer_unknown() { on peer "awk '/XfrmInNoStates/ {print \$2}' /proc/net/xfrm_stat"; }
peer_at() { on peer ip -br addr show eth0 | grep -q "$1"; }
peer_move() { on peer "ip addr add $2/24 dev eth0; ip addr del $1/24 dev eth0; ip route replace default via $THEM_ROUTER"; }
