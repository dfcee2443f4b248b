# shellcheck shell=bash
# strongSwan's charon with its user-space data plane (kernel-libipsec) in a namespace. Its limits: ESP always in UDP 4500, tunnel mode, one TUN
# (ipsec0) for all its SAs, no marks. IKEv1 is complete.
#
#   charon_start HOST              swanctl speaks to it; log in $OUT/charon-HOST.log; CHARON_SETTING: a line more for strongswan.conf
#   charon_load HOST <<CONF        a swanctl.conf
#   charon HOST ARG...             swanctl there, e.g. charon e1 --list-sas
#   CHARON_SETTINGS=...            more settings of plugins, e.g. 'updown { dns_handler = yes }'
#   charon_starter HOST IPSEC.CONF IPSEC.SECRETS    as a subject: reads ipsec.conf as people write it
CHARON_PLUGINS="random nonce openssl aesni aes sha1 sha2 md5 hmac gcm kdf pem pkcs1 pkcs8 x509 pubkey curve25519 gmp kernel-libipsec kernel-netlink socket-default updown"

charon_conf() { # HOST EXTRA-PLUGIN
    local d=$OUT/charon-$1
    mkdir -p "$d"
    cat >"$d/strongswan.conf" <<X
charon {
  load = $CHARON_PLUGINS $2
  install_routes = no
  threads = 16
  half_open_timeout = 300
  cookie_threshold = 500
  cookie_threshold_ip = 500
  block_threshold = 1000
  retransmit_timeout = ${CHARON_RETRANSMIT:-2}
  ${CHARON_SETTING:-}
  plugins {
    vici { socket = unix://$d/vici.sock }
    stroke { secrets_file = $d/ipsec.secrets }
    kernel-libipsec { allow_peer_ts = yes }
    kernel-netlink { fwmark = !0x42 }
    socket-default { fwmark = 0x42 }
    ${CHARON_SETTINGS:-}
  }
  filelog { f { path = $d/charon.log
    time_format = %H:%M:%S
    default = 1
    ike = 2
    flush_line = yes } }
}
starter { load_warning = no }
swanctl { socket = unix://$d/vici.sock }
X
}
charon_start() { # HOST
    local d=$OUT/charon-$1
    charon_conf "$1" vici
    spawn "$1" "charon-$1" env STRONGSWAN_CONF="$d/strongswan.conf" /usr/lib/ipsec/charon
    await 10 test -S "$d/vici.sock" || broken "charon on $1 did not start" "$(tail -5 "$OUT/charon-$1.log" "$d/charon.log" 2>&1)"
}
charon() { # HOST COMMAND ARG...
    local d=$OUT/charon-$1 h=$1 c=$2; shift 2
    STRONGSWAN_CONF=$d/strongswan.conf swanctl "$c" --uri "unix://$d/vici.sock" "$@"
}
charon_load() { # HOST, swanctl.conf on stdin
    local d=$OUT/charon-$1
    cat >"$d/swanctl.conf"
    charon "$1" --load-all --noprompt --file "$d/swanctl.conf" >&4 2>&1 || broken "charon on $1 refuses its configuration" "$(charon "$1" --load-all --noprompt --file "$d/swanctl.conf" 2>&1 | grep -v '^loaded')"
}
charon_starter() { # HOST IPSEC.CONF IPSEC.SECRETS
    local d=$OUT/charon-$1
    charon_conf "$1" stroke
    cp "$2" "$d/ipsec.conf"
    cp "$3" "$d/ipsec.secrets"
    spawn "$1" "charon-$1" env STRONGSWAN_CONF="$d/strongswan.conf" /usr/lib/ipsec/starter --nofork --conf "$d/ipsec.conf"
    await 10 stroke_answers "$1" || broken "starter on $1 did not start" "$(tail -5 "$OUT/charon-$1.log" "$d/charon.log" 2>&1)"
}
stroke() { local h=$1; shift; beside "charon-$h" /usr/lib/ipsec/stroke "$@"; } # HOST up|down|status|statusall ...
stroke_answers() { stroke "$1" status >/dev/null 2>&1; }
