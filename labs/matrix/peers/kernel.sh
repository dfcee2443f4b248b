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
peer_configure() { charon_conf_of_peer | sed "s|$PKI/|/root/|" | "$LABS/guest/exec" -t 20 "${P}peer" bash -c 'cat >/etc/swanctl/conf.d/vm.conf; swanctl --load-all --clear --noprompt' >&4 2>&1; }
peer_log() { on peer tail -8 /var/log/charon.log; }
