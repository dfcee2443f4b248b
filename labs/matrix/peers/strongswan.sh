# shellcheck shell=bash
# What both of strongSwan's data planes share: it is steered by swanctl.
charon_conf_of_peer() { swanctl_conf they "$PEER_ID" "$OUR_ID" "$PEER_ADDRESS" "$THEY_SEE" "$PEER_NETS" "$OUR_NETS"; }
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
