# shellcheck shell=bash
# Hosts and wires, and what happens on the way: a NAT, a cut, counters.
OUR_NET=10.97.0.0/24 OUR_HOST=10.97.0.1 PEER_NET=10.98.0.0/24 PEER_HOST=10.98.0.1
US=10.66.0.1 US_MOVED=10.66.0.9 US_ROUTER=10.66.0.254 THEM=10.66.1.2 THEM_MOVED=10.66.1.9 THEM_ROUTER=10.66.1.254

world() {
    host us inet
    forwards inet
    wire us eth0 "$US/24" inet us "$US_ROUTER/24"
    on us "ip addr add $OUR_HOST/24 dev lo; ip route add default via $US_ROUTER; sysctl -qw net.ipv4.conf.all.promote_secondaries=1"
    peer_host
    # octet 16 of an IKE header is 53: the first payload is an Encrypted Fragment (RFC 7383, 2.5); on port 4500 four zeros come first
    on inet nft -f - <<'N'
table ip lab {
    counter clear { }
    counter fragments_of_us { }
    counter fragments_of_peer { }
    chain forward {
        type filter hook forward priority 0;
        ip saddr { 10.97.0.0/24, 10.98.0.0/24 } counter name clear drop
        iif us udp dport 500 @th,192,8 53 counter name fragments_of_us
        iif us udp dport 4500 @th,64,32 0 @th,224,8 53 counter name fragments_of_us
        iif peer udp dport 500 @th,192,8 53 counter name fragments_of_peer
        iif peer udp dport 4500 @th,64,32 0 @th,224,8 53 counter name fragments_of_peer
        jump cut
    }
    chain cut { }
    chain way { type nat hook postrouting priority 100; }
}
N
    ours_start
    peer_start
}
fragments_of() { on inet nft list counter ip lab "fragments_of_$1" | sed -n 's/.*packets \([0-9]*\) .*/\1/p'; }
cut_wire() { on inet nft add rule ip lab cut drop; }
heal() { on inet nft flush chain ip lab cut; }
# whoever begins has the address of the router's far side, and a port of its choice
nat_before() { # us|peer
    local far; far=$([[ $1 = us ]] && echo peer || echo us)
    on inet "nft add rule ip lab way iif $1 oif $far meta l4proto udp masquerade to :20000-30000"
}
no_nat() { on inet 'nft flush chain ip lab way'; }

# ---- traffic
PINGS=40

one_ping() { on us ping -n -q -c 1 -W 1 -I "$OUR_HOST" "$PEER_HOST" >&4 2>&1; }
# pings, one every 40 ms, while COMMAND runs; the lost ones in LOST
under_ping() { # COMMAND...
    local log=$OUT/ping.log got rc
    on us "exec ping -n -D -i 0.04 -W 2 -c $PINGS -I $OUR_HOST $PEER_HOST" >"$log" 2>&1 4>&- &
    local job=$!
    sleep 0.3
    "$@"
    rc=$?
    wait "$job"
    # which ones: the numbers that are missing
    story "$(tail -3 "$log"; PINGS=$PINGS perl -ne '$seen{$1} = 1 if /icmp_seq=(\d+)/; END { print "lost: ", join(" ", grep { !$seen{$_} } 1 .. $ENV{PINGS}), "\n" }' "$log")"
    got=$(sed -n 's/.*transmitted, \([0-9]*\) received.*/\1/p' "$log")
    LOST=$(($PINGS - ${got:-0}))
    return $rc
}
