# shellcheck shell=bash
# The smallest world: us 10.66.0.1 and one strongSwan, peer 10.66.0.2, with a network 10.98.0.0/24 behind it. One tunnel, Tunnel1,
# 169.254.23.6 to 169.254.23.5.
#
#   site_world                     makes us, peer and their wire
#   site_config [KEY=VALUE...]     $OUT/ipsec.conf and ipsec.secrets for us; a KEY given replaces the one that is there
#   site_peer [KEY=VALUE...]       strongSwan on peer; PROPOSALS, ESP, LOCAL_TS, REMOTE_TS, SECRET, CONN (a line), CHILD (a line)
#   site_start [ARG...]            the subject, with the configuration, and ARG for ./sallyport run
#   site_is_up, site_up [SECONDS]  Tunnel1 carries traffic
site_world() {
    host us peer
    wire us eth0 10.66.0.1/24 peer eth0 10.66.0.2/24
    on us ip route add default via 10.66.0.2
    on peer 'ip addr add 169.254.23.5/32 dev lo; ip addr add 10.98.0.1/24 dev lo'
}
site_config() {
    declare -A has=()
    local a order=(keyexchange auto left leftid right type authby ike ikelifetime esp lifetime keyingtries leftsubnet rightsubnet mark leftupdown)
    has=([keyexchange]=ikev1 [auto]=start [left]=%defaultroute [leftid]=10.66.0.1 [right]=10.66.0.2 [type]=tunnel [authby]=psk [ike]=aes128-sha1-modp1024
        [ikelifetime]=8h [esp]=aes128-sha1-modp1024 [lifetime]=1h [keyingtries]=%forever [leftsubnet]=0.0.0.0/0 [rightsubnet]=0.0.0.0/0 [mark]=100
        [leftupdown]='"/etc/ipsec.d/aws-updown.sh -ln Tunnel1 -ll 169.254.23.6/30 -lr 169.254.23.5/30 -m 100 -r 10.98.0.0/24"')
    for a in "$@"; do
        [[ -n ${has[${a%%=*}]+x} ]] || order+=("${a%%=*}")
        has[${a%%=*}]=${a#*=}
    done
    {
        printf 'config setup\n\tuniqueids=no\n\nconn Tunnel1\n'
        for a in "${order[@]}"; do [[ -z ${has[$a]} ]] || printf '\t%s=%s\n' "$a" "${has[$a]}"; done
    } >"$OUT/ipsec.conf"
    echo '10.66.0.1 10.66.0.2 : PSK "a-secret-of-the-labs"' >"$OUT/ipsec.secrets"
    chmod 600 "$OUT/ipsec.secrets"
}
site_peer() {
    local PROPOSALS=aes128-sha1-modp1024 ESP=aes128-sha1-modp1024 LOCAL_TS=0.0.0.0/0 REMOTE_TS=0.0.0.0/0 SECRET=a-secret-of-the-labs CONN='' CHILD='' a
    for a in "$@"; do local "${a%%=*}=${a#*=}"; done
    running charon-peer || charon_start peer
    charon_load peer <<X
connections { us {
  version = 1
  local_addrs = 10.66.0.2
  remote_addrs = 10.66.0.1
  proposals = $PROPOSALS
  encap = yes
  unique = never
  rekey_time = 24h
  $CONN
  local { auth = psk
    id = 10.66.0.2 }
  remote { auth = psk
    id = 10.66.0.1 }
  children { net {
    local_ts = $LOCAL_TS
    remote_ts = $REMOTE_TS
    esp_proposals = $ESP
    rekey_time = 24h
    $CHILD
  } }
} }
secrets { ike-us { id-1 = 10.66.0.1
  id-2 = 10.66.0.2
  secret = "$SECRET" } }
X
    on peer 'ip route replace 169.254.23.6/32 dev ipsec0 src 169.254.23.5; ip rule del pref 100 2>/dev/null; ip rule add pref 100 lookup main suppress_prefixlength 0'
}
site_start() {
    case $SUBJECT in
    sallyport) sallyport_start us us "$OUT/ipsec.conf" "$@" ;;
    charon)
        sed '/leftupdown\|mark=/d' "$OUT/ipsec.conf" >"$OUT/ipsec-charon.conf"
        charon_starter us "$OUT/ipsec-charon.conf" "$OUT/ipsec.secrets"
        on us 'ip addr replace 169.254.23.6/32 dev lo; ip route replace 169.254.23.5/32 dev ipsec0 src 169.254.23.6; ip route replace 10.98.0.0/24 dev ipsec0 src 169.254.23.6
            ip rule del pref 100 2>/dev/null; ip rule add pref 100 lookup main suppress_prefixlength 0'
        ;;
    esac
}
site_is_up() {
    case $SUBJECT in
    sallyport) sallyport_up us Tunnel1 ;;
    charon) stroke us status 2>&4 | grep -q 'Tunnel1{.*INSTALLED' ;;
    esac
}
site_shows() { case $SUBJECT in sallyport) sallyport us status ;; charon) stroke us statusall ;; esac; }
site_up() {
    if await "${1:-20}" site_is_up; then
        passed "the tunnel is up"
    else
        failed "the tunnel is up within ${1:-20} s" "$(site_shows 2>&1; [[ $SUBJECT = sallyport ]] && tail -8 "$OUT/us.log")"
        return 1
    fi
}
