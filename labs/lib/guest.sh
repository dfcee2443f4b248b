# shellcheck shell=bash
# User-mode Linux guests: a real kernel data plane (ESP, VTI, XFRM) where the host has none. The kit is labs/guest.
#
#   guest_start NAME HOST TAP ADDR GW [TAP2 HOST2 ADDR2]   eth0 = TAP in HOST (made here, up), eth1 = TAP2, moved to HOST2
#                                  starts to boot; several boot at once; its second tap moves in guests_ready
#   guests_ready                   all of them answer
#   guest_script NAME <<SCRIPT     runs it there with bash; output to the story; broken if it fails
declare -A BOOTS=() MOVES=()
guest_start() {
    [[ -z ${GUESTS_WHY:-} ]] || { skipped "$GUESTS_WHY"; exit 0; }
    local n=$1 h=$2 tap=$3 addr=$4 gw=$5 args=(); shift 5
    ip -n "$P$h" tuntap add dev "$tap" mode tap || broken "no tap $tap"
    args=(--netns "$P$h" --tap "$tap" --ip "$addr" --gw "$gw")
    if [[ $# -gt 0 ]]; then
        ip -n "$P$h" tuntap add dev "$1" mode tap || broken "no tap $1"
        args+=(--tap "$1" --ip "$3")
        MOVES[$n]="$P$h $1 $P$2"
    fi
    GUESTS+=("$P$n")
    KIND[$n]=guest
    "$LABS/guest/start" "$P$n" "${args[@]}" >"$OUT/boot-$n.log" 2>&1 3>&- &
    BOOTS[$n]=$!
}
guests_ready() {
    local n h t to
    for n in "${!BOOTS[@]}"; do
        wait "${BOOTS[$n]}" || broken "guest $n did not start" "$(tail -3 "$OUT/boot-$n.log")"
        [[ -n ${MOVES[$n]:-} ]] || continue
        read -r h t to <<<"${MOVES[$n]}"
        # a tap may move house while a guest holds it
        ip -n "$h" link set "$t" netns "$to" || broken "tap $t does not move to $to"
        ip -n "$to" link set "$t" up
    done
    BOOTS=()
}
guest_script() {
    local n=$1 out
    out=$("$LABS/guest/exec" -t "${ON_SECONDS:-60}" "$P$n" bash -s 2>&1) || broken "a script failed on $n" "$(tail -5 <<<"$out")"
    story "$n ran a script"$'\n'"$out"
}
