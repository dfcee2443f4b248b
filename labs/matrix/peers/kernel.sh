# shellcheck shell=bash
# strongSwan with the kernel's ESP, in a guest.
. "$HERE/peers/strongswan.sh"
REAUTH_LOSES=0
. "$HERE/peers/guest.sh"
peer_start() {
    guest_script peer <<'S'
printf 'charon-systemd { make_before_break = yes\n retransmit_timeout = 1\n }\n' >/etc/strongswan.d/zz-labs.conf
vm-strongswan
S
}
peer_swanctl() { on peer swanctl "$@"; }
peer_configure() {
    folders "$OUT/peer.d" peer
    charon_conf_of_peer >"$OUT/peer.d/conf.d/vm.conf"
    tar -C "$OUT/peer.d" -c . | "$LABS/guest/exec" -t 60 "${P}peer" 'cd /etc/swanctl && rm -f x509/* x509ca/* private/* conf.d/* && tar -x --no-same-owner && swanctl --load-all --clear --noprompt' >&4 2>&1
}
peer_log() { on peer tail -8 /var/log/charon.log; }
