# shellcheck shell=bash
# libreswan 4.10 with the kernel's ESP, in a guest.
. "$HERE/peers/guest.sh"
# it takes the old IKE SA down before it begins anew
REAUTH_LOSES=600 BY_CLOCK=reauth
peer_start() {
    guest_script peer <<'S'
printf 'config setup\n\tuniqueids=no\n\tlogappend=no\n' >/etc/ipsec.d/setup.conf
vm-libreswan
S
}
# authby=rsa-sha2 takes RSASSA-PSS alone
signature() { [[ $AUTHENTICATION = rsa ]] && echo ike:rsa/pss-sha256 || echo pubkey; }
libreswan_esp() {
    local c i all=aes_gcm256
    if [[ $OFFER = long ]]; then
        for c in aes256 aes192 aes128 aes_ctr256 aes_ctr192 aes_ctr128; do for i in sha2_512 sha2_384 sha2_256 sha1; do all+=,$c-$i; done; done
    fi
    echo "$all"
}
libreswan_proof() {
    case $AUTHENTICATION in
    psk) echo 'authby=secret' ;;
    *) printf 'authby=%s\n\tleftcert=peer-%s\n\tleftsendcert=always\n\trightca=%%same\n' "$([[ $AUTHENTICATION = rsa ]] && echo rsa-sha2 || echo ecdsa)" "$AUTHENTICATION" ;;
    esac
}
# into the guest's NSS database, once
peer_certificate() {
    [[ $AUTHENTICATION != psk && " ${IMPORTED:-} " != *" $AUTHENTICATION "* ]] || return 0
    openssl pkcs12 -export -in "$PKI/peer-$AUTHENTICATION.pem" -inkey "$PKI/peer-$AUTHENTICATION.key" -certfile "$PKI/ca.pem" -name "peer-$AUTHENTICATION" -passout pass:lab |
        "$LABS/guest/exec" -t 60 "${P}peer" 'cat >/root/p12 && pk12util -i /root/p12 -d sql:/var/lib/ipsec/nss -W lab && certutil -M -d sql:/var/lib/ipsec/nss -n ca.lab -t CT,, ; certutil -L -d sql:/var/lib/ipsec/nss' >&4 2>&1
    IMPORTED+=" $AUTHENTICATION"
}
peer_configure() {
    peer_certificate
    {
        cat <<C
cat >/etc/ipsec.d/net.conf <<'N'
conn net
	ikev2=yes
	$(libreswan_proof)
	left=$([[ $PEER_ADDRESS = %any ]] && echo %defaultroute || echo "$PEER_ADDRESS")
	leftid=@$PEER_ID
	leftsubnet=$PEER_NETS
	right=$([[ $MOVES = we ]] && echo %any || echo "$THEY_SEE")
	rightid=@$OUR_ID
	rightsubnet=$OUR_NETS
	ike=aes256-sha256;dh31
	esp=$(libreswan_esp)
	pfs=no
	ikelifetime=$([[ $LIFE = reauth ]] && echo 25s || echo 8h)
	rekeymargin=$([[ $LIFE = reauth ]] && echo 10s || echo 9m)
	rekeyfuzz=0%
	keyingtries=1
	salifetime=8h
	mobike=yes
	fragmentation=yes
	retransmit-timeout=8s
	reauth=$([[ $LIFE = reauth ]] && echo yes || echo no)
	$([[ $DPD = 0 ]] || echo "dpddelay=$DPD")
	$([[ $DPD = 0 ]] || echo "dpdtimeout=10")
	$([[ $DPD = 0 ]] || echo "dpdaction=$([[ $role = they ]] && echo restart || echo clear)")
	auto=ignore
N
echo '@$PEER_ID @$OUR_ID : PSK "$SECRET"' >/etc/ipsec.d/net.secrets
C
        echo 'ipsec auto --rereadsecrets; ipsec auto --replace net'
    } | "$LABS/guest/exec" -t 60 "${P}peer" bash -s >&4 2>&1
}
peer_up() { on peer 'timeout 30 ipsec auto --up net'; }
peer_down() { on peer 'ipsec auto --down net'; }
peer_clean() { on peer 'ipsec auto --down net; ipsec auto --replace net'; }
peer_rekey_child() { on peer 'ipsec whack --rekey-ipsec --name net'; }
peer_rekey_ike() { on peer 'ipsec whack --rekey-ike --name net'; }
# `whack --rekey-ike` rekeys also with reauth=yes: the clock does it
peer_reauth() { :; }
peer_sas() { # it does not print IKE SPIs: its own number of the state stands for them
    local all; all=$(on peer "ipsec whack --showstates | grep -o '^.*STATE_V2_ESTABLISHED_IKE_SA'; $KERNEL_ESP" 2>&4)
    sed -n 's/.*#\([0-9]*\): .*ESTABLISHED_IKE_SA/ike \1/p' <<<"$all"
    grep -v '#' <<<"$all" | kernel_esp
}
peer_sees() { on peer 'ip xfrm state' | grep -q "dst $1"; }
peer_log() { on peer tail -8 /var/log/pluto.log; }
