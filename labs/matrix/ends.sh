# shellcheck shell=bash
# Both ends' configurations, what brings them up and down, and what they say of their SAs.
#
# A peer (peers/NAME.sh) has: peer_host, peer_start, peer_configure, peer_up, peer_down, peer_rekey_child, peer_rekey_ike, peer_reauth; peer_sas
# (lines `ike NAME` and `esp SPI-IN SPI-OUT`, of what stands), peer_log, peer_at ADDRESS, peer_sees ADDRESS, peer_move FROM TO, peer_clean.
SECRET=not-a-secret-in-a-lab
IKE=aes256-sha256-x25519 ESP=aes256gcm16

ours_start() { sallyport_start us us --vici "$OUT/us.vici"; }
ours() { swanctl "$1" --uri "unix://$OUT/us.vici" "${@:2}" 2>&1; }

# What the cell wants: set before `configure`. LIFE: of the peer's `child`, `ike` or `reauth`, a few seconds, where it renews only by the clock;
# OFFER=long: more ESP proposals than anybody needs; MOVES: who will
plain() {
    OUR_ID=us.lab PEER_ID=peer.lab OUR_ADDRESS=$US PEER_ADDRESS=$THEM OUR_NETS=$OUR_NET PEER_NETS=$PEER_NET
    WE_SEE=$THEM THEY_SEE=$US DPD=0 LIFE=long OFFER=short MOVES=
}
# What an end that swanctl steers is told.
swanctl_conf() { # we|they ID ITS-ID ADDRESS SEES NETS ITS-NETS
    cat <<C
connections { net {
  version = 2
  local_addrs = $4
  remote_addrs = $5
  proposals = $IKE
  encap = $(peer_wants_udp && echo yes || echo no)
  dpd_delay = ${DPD}s
  keyingtries = $([[ $DPD = 0 ]] && echo 1 || echo 0)
  rekey_time = 8h
  local { $(proof own)
    id = fqdn:$2 }
  remote { $(proof)
    id = fqdn:$3 }
  children { net {
    local_ts = $6
    remote_ts = $7
    esp_proposals = $(esp_of_swanctl)
    rekey_time = 8h
    dpd_action = $([[ $role = "$1" ]] && echo restart || echo clear) } }
} }
secrets { ike-net { secret = $SECRET } }
C
}
# Both ends' configurations from that; an SA that stands goes first.
configure() {
    local now
    now="$AUTHENTICATION $role $OUR_ID $PEER_ID $OUR_ADDRESS $PEER_ADDRESS $OUR_NETS $PEER_NETS $WE_SEE $THEY_SEE $DPD $LIFE $OFFER $MOVES"
    [[ $now != "${CONFIGURED:-}" ]] || return 0
    clean
    folders "$OUT/us.d" us
    swanctl_conf we "$OUR_ID" "$PEER_ID" "$OUR_ADDRESS" "$WE_SEE" "$OUR_NETS" "$PEER_NETS" >"$OUT/us.d/swanctl.conf"
    ours --load-all --clear --noprompt --file "$OUT/us.d/swanctl.conf" >&4 || { WHY="we do not take our configuration"; return 1; }
    peer_configure || { WHY="the peer does not take its configuration"; return 1; }
    CONFIGURED=$now
}
# by swanctl's names; some 1100 octets when it is long
esp_of_swanctl() {
    local c i all=$ESP
    if [[ $OFFER = long ]]; then
        for c in aes256 aes192 aes128 aes256ctr aes192ctr aes128ctr; do for i in sha512 sha384 sha256 sha1; do all+=,$c-$i; done; done
    fi
    echo "$all"
}
peer_wants_udp() { [[ $KIND_OF_PEER = libipsec ]]; }

# of `swanctl --list-sas --raw` on stdin
sas_of_list() {
    perl -ne 'print "ike $1 $2\n" while /state=ESTABLISHED[^{}]*?initiator-spi=(\w+) responder-spi=(\w+)/g;
        print "esp $1 $2\n" while /state=INSTALLED[^{}]*?spi-in=(\w+) spi-out=(\w+)/g'
}
our_sas() { ours --list-sas --raw | sas_of_list; }
look() { # both lists, one moment after the other
    local a b
    a=$(our_sas) b=$(peer_sas)
    OUR_IKE=$(sed -n 's/^ike //p' <<<"$a") OUR_ESP=$(sed -n 's/^esp //p' <<<"$a")
    PEER_IKE=$(sed -n 's/^ike //p' <<<"$b") PEER_ESP=$(sed -n 's/^esp //p' <<<"$b")
}

# ---- up and down

begin() { # whoever's turn it is; with an SA that stands for just this configuration there is nothing to do
    configure || return 1
    if both_have_one && one_ping; then return 0; fi
    if [[ $role = we ]]; then ours --initiate --child net --timeout 30 >&4 2>&1; else peer_up >&4 2>&1; fi || { WHY="it does not come up"; return 1; }
    await 15 both_have_one || { WHY="not both have one IKE SA and one child after the beginning"; return 1; }
    await 5 one_ping || { WHY="no ping goes through"; return 1; }
}
both_have_one() { # one IKE SA, and one child with the same SPIs
    look
    [[ -n $OUR_IKE && $OUR_IKE != *$'\n'* && -n $PEER_IKE && $PEER_IKE != *$'\n'* && -n $OUR_ESP && $OUR_ESP != *$'\n'* ]] &&
        [[ ${OUR_ESP% *} = "${PEER_ESP#* }" && ${OUR_ESP#* } = "${PEER_ESP% *}" ]]
}
nothing_left() { look; [[ -z $OUR_IKE$OUR_ESP$PEER_IKE$PEER_ESP ]]; }
clean() { # after whatever has been
    CONFIGURED=
    nothing_left && return 0
    # who began takes it down: libreswan would begin anew
    if [[ $role = they ]]; then peer_down; else ours --terminate --ike net; fi >&4 2>&1
    await 3 nothing_left && return 0
    ours --terminate --ike net --force >&4 2>&1
    peer_clean >&4 2>&1
    await 5 nothing_left || story "something is left: $(seen)"
}
start_over() { heal; no_nat; back_home; clean; }
back_home() {
    on us ip -br addr show eth0 | grep -q "$US_MOVED" && our_move "$US_MOVED" "$US"
    peer_at "$THEM_MOVED" && peer_move "$THEM_MOVED" "$THEM"
    return 0
}
our_move() { on us "ip addr add $2/24 dev eth0; ip addr del $1/24 dev eth0; ip route replace default via $US_ROUTER"; }
seen() {
    look
    echo "ours:   IKE ${OUR_IKE//$'\n'/; } ESP ${OUR_ESP//$'\n'/; }"
    echo "theirs: IKE ${PEER_IKE//$'\n'/; } ESP ${PEER_ESP//$'\n'/; }"
    tail -4 "$OUT/us.log" | head -c 1500
    peer_log | tail -6 | head -c 1500
}
