# shellcheck shell=bash
# What crossed a wire, and whether any of it could be read.
#
#   capture_start HOST NAME [IF] [in|inout]    what comes in by (or passes) IF (default: any) of HOST, to $OUT/NAME.pcap
#   capture_stop NAME
#   capture_count NAME FILTER      packets of the capture that a tcpdump filter picks
#   expect_only_ipsec NAME [MIN]   nothing but IKE (500, 4500), ESP, ARP and IPv6 neighbour discovery, and at least MIN packets of ESP
#   expect_unreadable NAME HEX     the octets HEX (a ping pattern) are nowhere in it
# What a kernel reports of its multicast groups is link management like the rest: IGMP to 224.0.0.22, and IPv6 packets that start with a hop-by-hop header.
IPSEC_ONLY='udp port 500 or udp port 4500 or ip proto 50 or arp or (ip proto 2 and dst host 224.0.0.22) or (ip6[6] == 0) or (ip6[6] == 58 and ip6[40] >= 133 and ip6[40] <= 136)'
# Whole non-first fragments name no port; IKE may be fragmented by IP, so such fragments of UDP count as what their first one is.
IPSEC_ONLY+=' or (ip[6:2] & 0x1fff != 0 and (ip proto 17 or ip proto 50))'
ESP_ONLY='ip proto 50 or (udp port 4500 and udp[8:4] != 0 and udp[4:2] > 9)'

capture_start() { # HOST NAME [IF] [in|inout]
    spawn "$1" "tcpdump-$2" tcpdump -Z root -i "${3:-any}" -Q "${4:-in}" --immediate-mode -U -n -s 0 -B 16384 -w "$OUT/$2.pcap"
    await 5 grep -q 'listening on' "$OUT/tcpdump-$2.log" || broken "tcpdump does not listen" "$(cat "$OUT/tcpdump-$2.log")"
}
capture_stop() {
    running "tcpdump-$1" || return 0
    local before=-1 now
    # wait until the file rests
    while now=$(stat -c %s "$OUT/$1.pcap"); [[ $now != "$before" ]]; do before=$now; sleep 0.3; done
    kill -INT "${PID[tcpdump-$1]}"
    await 5 gone "tcpdump-$1"
    unset "PID[tcpdump-$1]"
}
capture_count() { tcpdump -r "$OUT/$1.pcap" -n "$2" 2>/dev/null | wc -l; }
expect_only_ipsec() { # NAME [MIN]
    local all esp other dropped
    all=$(capture_count "$1" '') esp=$(capture_count "$1" "$ESP_ONLY") other=$(capture_count "$1" "not ($IPSEC_ONLY)")
    dropped=$(awk '/dropped by kernel/ {print $1}' "$OUT/tcpdump-$1.log")
    if [[ $other = 0 && $esp -ge ${2:-1} && ${dropped:-0} = 0 ]]; then
        passed "wire: $all packets captured, $esp of them ESP, 0 that are neither IKE, ESP nor ARP"
    else
        failed "wire: only IKE, ESP and ARP, at least ${2:-1} ESP: $all packets, $esp ESP, $other others, ${dropped:-?} missed by the capture" \
            "$(tcpdump -r "$OUT/$1.pcap" -n "not ($IPSEC_ONLY)" 2>/dev/null | head -5)"
    fi
}
expect_unreadable() { # NAME HEX
    local hits
    hits=$(hex_hits "$OUT/$1.pcap" "$2")
    if [[ $hits = 0 ]]; then passed "wire: the pattern $2 of the pings is nowhere in the capture"; else failed "wire: the pattern $2 crossed in clear" "$hits times"; fi
}
hex_hits() { perl -0777 -ne 'BEGIN { $p = pack "H*", shift } print scalar(() = /\Q$p\E/g)' "$2" "$1"; }
