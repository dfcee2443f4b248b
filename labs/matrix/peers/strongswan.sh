# shellcheck shell=bash
# What both of strongSwan's data planes share: it is steered by swanctl.
charon_conf_of_peer() {
    cat <<C
connections { net {
  version = 2
  local_addrs = $PEER_ADDRESS
  remote_addrs = $THEY_SEE
  proposals = $IKE
  encap = $(peer_wants_udp && echo yes || echo no)
  dpd_delay = ${DPD}s
  keyingtries = $([[ $DPD = 0 ]] && echo 1 || echo 0)
  rekey_time = 8h
  local { $(proof own)
    id = fqdn:$PEER_ID }
  remote { $(proof)
    id = fqdn:$OUR_ID }
  children { net {
    local_ts = $PEER_NETS
    remote_ts = $OUR_NETS
    esp_proposals = $(esp_of_swanctl)
    rekey_time = 8h
    dpd_action = $([[ $role = they ]] && echo restart || echo clear) } }
} }
secrets { ike-net { secret = $SECRET } }
C
}
peer_up() { peer_swanctl --initiate --child net --timeout 30; }
peer_down() { peer_swanctl --terminate --ike net; }
peer_clean() { peer_swanctl --terminate --ike net --force; }
peer_rekey_child() { peer_swanctl --rekey --child net; }
peer_rekey_ike() { peer_swanctl --rekey --ike net; }
peer_reauth() { peer_swanctl --rekey --ike net --reauth; }
peer_sas() { peer_swanctl --list-sas --raw 2>&4 | sas_of_list; }
peer_at() { on peer ip -br addr show eth0 | grep -q "$1"; }
peer_sees() { peer_swanctl --list-sas 2>&4 | grep -q "remote .* @ $1"; }
peer_move() { on peer "ip addr add $2/24 dev eth0; ip addr del $1/24 dev eth0; ip route replace default via $THEM_ROUTER"; }
