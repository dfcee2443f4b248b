# shellcheck shell=bash
# User-mode Linux guests: a real kernel data plane (ESP, VTI, XFRM) where the host has none. The kit is labs/guest.
#
#   guest_start NAME HOST TAP ADDR GW [IF2 HOST2 ADDR2]   eth0 = TAP in HOST (made here, up); with a second wire, eth0 and eth1 lead to
#                                  TAP in HOST and IF2 in HOST2; starts to boot; several boot at once
#                                  GUEST_MEM: its memory in MiB, otherwise 192; GUEST_SECONDS: how long it may take to boot, otherwise 40
#   guests_ready                   all of them answer
#   guest_script NAME <<SCRIPT     runs it there with bash; output to the story; broken if it fails
#
# A guest's process opens all its taps in one namespace. Moving one to another afterwards takes it down for a moment, and a guest that sends
# just then (EIO) gives that interface up for good: UML's vector driver calls it in error until it is closed. So a guest with two wires
# has a namespace of its own, where each tap is bridged to its wire, and no tap ever moves or goes down.
declare -A BOOTS=()
guest_start() {
    [[ -z ${GUESTS_WHY:-} ]] || { skipped "$GUESTS_WHY"; exit 0; }
    local n=$1 h=$2 tap=$3 addr=$4 gw=$5 home args=(); shift 5
    if [[ $# -gt 0 ]]; then
        home=$n-taps
        host "$home"
        guest_wire "$home" "$h" "$tap"
        guest_wire "$home" "$2" "$1"
        args=(--netns "$P$home" --wait "${GUEST_SECONDS:-40}" --mem "${GUEST_MEM:-192}" --tap "$tap" --ip "$addr" --gw "$gw" --tap "$1" --ip "$3")
    else
        ip -n "$P$h" tuntap add dev "$tap" mode tap || broken "no tap $tap"
        args=(--netns "$P$h" --wait "${GUEST_SECONDS:-40}" --mem "${GUEST_MEM:-192}" --tap "$tap" --ip "$addr" --gw "$gw")
    fi
    GUESTS+=("$P$n")
    KIND[$n]=guest
    "$LABS/guest/start" "$P$n" "${args[@]}" >"$OUT/boot-$n.log" 2>&1 3>&- &
    BOOTS[$n]=$!
}
guest_wire() { # HOME HOST IF: a tap IF in HOME, bridged to an interface IF in HOST
    ip -n "$P$1" tuntap add dev "$3" mode tap || broken "no tap $3"
    ip -n "$P$1" link add "br-$3" type bridge mcast_snooping 0 || broken "no bridge for $3"
    wire "$2" "$3" - "$1" "w-$3" -
    ip -n "$P$1" link set "$3" master "br-$3" up
    ip -n "$P$1" link set "w-$3" master "br-$3"
    ip -n "$P$1" link set "br-$3" up
}
guests_ready() {
    local n
    for n in "${!BOOTS[@]}"; do wait "${BOOTS[$n]}" || broken "guest $n did not start" "$(tail -3 "$OUT/boot-$n.log")"; done
    BOOTS=()
}
guest_script() {
    local n=$1 out
    out=$("$LABS/guest/exec" -t "${ON_SECONDS:-60}" "$P$n" bash -s 2>&1) || broken "a script failed on $n" "$(tail -5 <<<"$out")"
    story "$n ran a script"$'\n'"$out"
}
