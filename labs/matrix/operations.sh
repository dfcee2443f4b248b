# shellcheck shell=bash
# What is done in a cell. Each sets WHY and fails, or has seen: traffic across, and the same SAs in both ends' lists.
declare -A SAYS=([child]='the child is rekeyed' [ike]='the IKE SA is rekeyed' [reauth]='reauthentication' [delete]='the IKE SA is deleted'
    [nat]='from behind a NAT' [fragments]='IKE fragments' [mobike]='MOBIKE: the beginner moves' [dpd]='both find out about silence, and it comes back')

# both ends have other SAs than these, and one
changed() { # ike|esp OUR-IKE OUR-ESP PEER-IKE
    both_have_one && [[ $OUR_ESP != "$3" || $1 = ike ]] && [[ $1 = esp || ($OUR_IKE != "$2" && $PEER_IKE != "$4") ]]
}
# COMMAND by us or by the peer, under traffic; then there are new SPIs. A ping may be lost only where a counter says why: RFC 7296, 2.8, "the
# responder MAY begin sending on an SA as soon as it sends its response [...] this could result in packets unnecessarily being dropped"
renews() { # ike|esp OUR-COMMAND THEIR-COMMAND
    begin || return 1
    local early late
    early=$(our_unknown) late=$(peer_unknown)
    under_ping renew_and_see "$@" "$OUR_IKE" "$OUR_ESP" "$PEER_IKE" || return 1
    one_ping || { WHY="no ping goes through afterwards"; return 1; }
    [[ $LOST -gt 0 ]] || return 0
    early=$(($(our_unknown) - early)) late=$(($(peer_unknown) - late))
    WHY="$LOST of $PINGS pings lost"
    [[ $early = 0 ]] || WHY+=", $early by an SA of the peer that we had not yet, or no longer"
    [[ $late = 0 ]] || WHY+=", $late by an SA that the peer had told us and not yet installed"
    [[ $LOST -le $((${MAY_LOSE:-0} + early + late)) ]]
}
our_unknown() { local n; n=$(sallyport us status 2>&4 | sed -n 's/.* \([0-9]*\) UNKNOWN_SPI.*/\1/p' | tail -1); echo "${n:-0}"; }
# what a peer's kernel counts; its user-space plane says nothing
peer_unknown() { echo 0; }
renew_and_see() { # ike|esp OURS THEIRS OUR-IKE OUR-ESP PEER-IKE
    if [[ $role = we ]]; then $2; else $3; fi >&4 2>&1 || { WHY="it is refused"; return 1; }
    await $((PINGS / 25 + 12)) changed "$1" "$4" "$5" "$6" || { WHY="no new SAs at both ends, or old ones beside them"; return 1; }
}
# a peer that renews by the clock only has a lifetime of a few seconds, and traffic for as long
they_live() { # WHAT
    [[ $role = we ]] || LIFE=$1
    PINGS=$([[ $role = they && " ${BY_CLOCK:-} " == *" $1 "* ]] && echo 600 || echo 40)
}
op_child() { plain; they_live child; renews esp 'ours --rekey --child net' peer_rekey_child; }
op_ike() { plain; they_live ike; renews ike 'ours --rekey --ike net' peer_rekey_ike; }
op_reauth() {
    plain
    they_live reauth
    begin || return 1
    local esp=$OUR_ESP MAY_LOSE=0
    [[ $role = we ]] || MAY_LOSE=$REAUTH_LOSES
    renews ike 'ours --rekey --ike net --reauth' peer_reauth || return 1
    [[ $OUR_ESP != "$esp" ]] || { WHY="the child has the old keys"; return 1; }
}
op_delete() {
    plain
    begin || return 1
    if [[ $role = we ]]; then ours --terminate --ike net; else peer_down; fi >&4 2>&1
    await 5 nothing_left || { WHY="something is left"; return 1; }
    ! one_ping || { WHY="a ping goes through nevertheless"; return 1; }
}
op_nat() {
    plain
    they_live child
    if [[ $role = we ]]; then THEY_SEE=$THEM_ROUTER; else WE_SEE=$US_ROUTER; fi
    configure || return 1
    nat_before "$([[ $role = we ]] && echo us || echo peer)"
    behind_nat
    local rc=$?
    clean
    no_nat
    return $rc
}
behind_nat() {
    begin || return 1
    ours --list-sas | grep -Eq "$([[ $role = we ]] && echo 'local +.*\[4500\]' || echo "remote .* @ $US_ROUTER\[2[0-9]{4}\]|remote .* @ $US_ROUTER\[30000\]")" ||
        { WHY="no NAT is seen"; return 1; }
    renews esp 'ours --rekey --child net' peer_rekey_child
}
# the message with AUTH is longer than a packet by its certificates, or by its proposals and identities
op_fragments() {
    plain
    local of before
    if [[ $AUTHENTICATION = psk ]]; then
        OFFER=long OUR_ID=us.$(printf 'a%.0s' {1..200}) PEER_ID=peer.$(printf 'b%.0s' {1..200})
    fi
    of=$([[ $role = we ]] && echo us || echo peer)
    configure || return 1
    before=$(fragments_of $of)
    begin || return 1
    [[ $(fragments_of $of) -ge $((before + 2)) ]] || { WHY="no fragments were seen"; return 1; }
    WHY="$(($(fragments_of $of) - before)) fragments"
    clean
}
op_mobike() {
    plain
    MOVES=$role
    if [[ $role = we ]]; then OUR_ADDRESS=%any; else PEER_ADDRESS=%any; fi
    moved
    local rc=$?
    clean
    back_home
    return $rc
}
moved() {
    begin || return 1
    local ike=$OUR_IKE esp=$OUR_ESP
    if [[ $role = we ]]; then our_move "$US" "$US_MOVED"; else peer_move "$THEM" "$THEM_MOVED"; fi >&4 2>&1
    await 12 follows || { WHY="not both ends have the new address"; return 1; }
    await 5 one_ping || { WHY="no ping goes through afterwards"; return 1; }
    await 5 both_have_one || { WHY="not both have one IKE SA and one child after it"; return 1; }
    [[ $OUR_IKE = "$ike" ]] || { WHY="there is another IKE SA now"; return 1; }
    # strongSwan's user-space plane cannot give an SA other addresses: charon rekeys the child instead
    [[ $OUR_ESP = "$esp" || $KIND_OF_PEER = libipsec ]] || { WHY="there is another child now"; return 1; }
}
follows() {
    if [[ $role = we ]]; then peer_sees "$US_MOVED" && ours --list-sas | grep -q "local .* @ $US_MOVED"; else ours --list-sas | grep -q "remote .* @ $THEM_MOVED"; fi
}
op_dpd() {
    plain
    DPD=1
    silent
    local rc=$?
    heal
    clean
    return $rc
}
no_ours() { look; [[ -z $OUR_IKE ]]; }
no_theirs() { look; [[ -z $PEER_IKE ]]; }
silent() {
    local since=$SECONDS ours theirs
    begin || return 1
    cut_wire
    await 60 no_ours || { WHY="we do not find out"; return 1; }
    ours=$((SECONDS - since))
    await 90 no_theirs || { WHY="the peer does not find out"; return 1; }
    theirs=$((SECONDS - since))
    heal
    await 40 one_ping || { WHY="it does not come back"; return 1; }
    WHY="we after $ours s, the peer within $theirs s; back $((SECONDS - since - theirs)) s after the wire was"
}
