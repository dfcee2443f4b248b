# shellcheck shell=bash
# OpenIKED 7.2 with the kernel's ESP (by PF_KEY), in a guest. It rekeys by the clock only: a lifetime of a few seconds is its command.
. "$HERE/peers/guest.sh"
REAUTH_LOSES=0 BY_CLOCK="child ike"
# no AES-GCM by its PF_KEY, and Linux cuts SHA-256 to 96 bits there
ESP=aes256-sha512
peer_start() {
    printf '%s\n' 'echo "set passive" >/etc/iked.conf' 'vm-iked' | guest_script peer
}
peer_conf() { # active|passive
    local lives='ikelifetime 0 lifetime 8h'
    case $LIFE in child) lives='ikelifetime 0 lifetime 18' ;; ike) lives='ikelifetime 15 lifetime 8h' ;; esac
    cat <<C
set dpd_check_interval $DPD
set fragmentation
set mobike
ikev2 "net" $1 esp from $PEER_NET to $OUR_NET local ${PEER_ADDRESS#%} peer $THEY_SEE \\
    ikesa auth hmac-sha2-256 enc aes-256 prf hmac-sha2-256 group curve25519 \\
    $(openiked_esp) srcid "$PEER_ID" dstid "$OUR_ID" $lives $(openiked_proof)
C
}
openiked_esp() {
    local c i
    echo -n 'childsa enc aes-256 auth hmac-sha2-512 noesn'
    [[ $OFFER = long ]] || return 0
    for c in aes-192 aes-128 aes-256-ctr aes-192-ctr aes-128-ctr blowfish cast; do for i in 512 384 256; do echo -n " childsa enc $c auth hmac-sha2-$i noesn"; done; done
}
peer_take() { # active|passive
    peer_conf "$1" | "$LABS/guest/exec" -t 60 "${P}peer" bash -c 'cat >/etc/iked.conf; iked -n && ikectl reload'
}
openiked_proof() { [[ $AUTHENTICATION != psk ]] || echo "psk \"$SECRET\""; }
peer_certificate() {
    [[ $AUTHENTICATION != psk && ${IMPORTED:-} != "$AUTHENTICATION" ]] || return 0
    local d=$OUT/iked.d
    rm -rf "$d"
    mkdir -p "$d"/{ca,certs,private}
    cp "$PKI/ca.pem" "$d/ca/ca.crt"
    cp "$PKI/peer-$AUTHENTICATION.pem" "$d/certs/peer.lab.crt"
    cp "$PKI/peer-$AUTHENTICATION.key" "$d/private/local.key"
    chmod 600 "$d/private/local.key"
    tar -C "$d" -c . | "$LABS/guest/exec" -t 60 "${P}peer" 'cd /etc/iked && tar -x --no-same-owner && openssl pkey -in private/local.key -pubout -out local.pub && ikectl reset ca; ikectl reload' >&4 2>&1
    IMPORTED=$AUTHENTICATION
}
peer_configure() {
    peer_certificate
    peer_take passive >&4 2>&1
}
peer_up() { peer_take active; }
# the identity as it prints it
peer_down() { on peer "ikectl reset id FQDN/$OUR_ID"; }
# what the kernel did not take from it stays behind
peer_clean() { on peer "ikectl reset sa; ip xfrm state flush; true"; }
peer_rekey_child() { :; }
peer_rekey_ike() { :; }
peer_reauth() { on peer "ikectl reauth $OUR_ID"; }
peer_sas() {
    local all; all=$(on peer "ikectl show sa; $KERNEL_ESP" 2>&4)
    # it lists one IKE SA in several of its trees
    sed -n 's/.*rspi 0x\([0-9a-f]*\) ispi 0x\([0-9a-f]*\) .* ESTABLISHED .*/ike \2 \1/p' <<<"$all" | sort -u
    grep '^10\.' <<<"$all" | kernel_esp
}
peer_sees() { on peer 'ip xfrm state' | grep -q "dst $1"; }
peer_log() { on peer tail -12 /var/log/iked.log; }
