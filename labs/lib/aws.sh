# shellcheck shell=bash
# The world of an AWS connection: a customer's gateway with a LAN, the Internet, two endpoints, one VPC host behind both.
#
#   lan 10.99.0.2 --- 10.99.0.1 gw 62.81.252.34 --- inet --- e1 52.50.67.155 --- 10.90.1.2 vpc 192.168.1.10
#                     (nat: gw 10.50.0.2 --- nat 62.81.252.34)  e2 54.77.23.12 --- 10.90.2.2
#
#   aws_world plain|nat kernel|netns     makes lan, gw, inet, vpc; endpoints are guests (kernel) or namespaces
#   aws_endpoint N libipsec|kernel|libreswan ESP-GROUP   starts endpoint N
#   aws_initiate N KIND                  endpoint N begins
#   aws_subject_start FILE, aws_subject_up N    the gateway under test, from FILE; tunnel N has its SAs
#   aws_we_do_not_begin / aws_we_may_begin      the Internet drops every first message of ours (responder cookie zero), or not
AWS_FILE=${AWS_FILE:-$LABS/aws/two-tunnels.txt}
VPC=192.168.1.0/24 LAN=10.99.0.0/24 US=62.81.252.34
# per tunnel: outside, outside router, our inside, their inside, mark, PSK
OUTSIDE=(- 52.50.67.155 54.77.23.12) ROUTER=(- 52.50.67.1 54.77.23.1)
INSIDE_US=(- 169.254.23.6 169.254.22.74) INSIDE_THEM=(- 169.254.23.5 169.254.22.73)
MARK=(- 100 200) PSK=(- aM6ktTm3pv5etv9eC aM6ktTm3pv5etv9eC2)

aws_world() { # plain|nat kernel|netns
    local n
    WORLD=$1 ENDS=$2
    host inet lan vpc
    forwards inet
    on vpc ip addr add 192.168.1.10/32 dev lo
    if [[ $WORLD = nat ]]; then
        host nat
        forwards nat
        wire inet gw 62.81.252.1/24 nat out "$US/24"
        on nat ip route add default via 62.81.252.1
        on nat iptables -t nat -A POSTROUTING -o out -p udp -j MASQUERADE --to-ports 20000-30000
        on nat iptables -t nat -A POSTROUTING -o out -j MASQUERADE
        GW_BEHIND=nat GW_IF=in GW_LOCAL=10.50.0.2 GW_VIA=10.50.0.1
    else
        GW_BEHIND=inet GW_IF=gw GW_LOCAL=$US GW_VIA=62.81.252.1
    fi
    # strongSwan as a subject, and Sallyport with the kernel's data plane, need a real kernel, hence a guest
    if [[ $SUBJECT != sallyport ]]; then
        GUEST_MEM=$([[ $SUBJECT = sallyport-kernel ]] && echo 640 || echo 192) guest_start gw "$GW_BEHIND" "$GW_IF" "$GW_LOCAL/24" "$GW_VIA" gwlan lan 10.99.0.1/24
        on "$GW_BEHIND" ip addr add "$GW_VIA/24" dev "$GW_IF"
    else
        host gw
        wire "$GW_BEHIND" "$GW_IF" "$GW_VIA/24" gw eth0 "$GW_LOCAL/24"
        wire lan gwlan 10.99.0.2/24 gw eth1 10.99.0.1/24
        on gw ip route add default via "$GW_VIA"
    fi
    for n in 1 2; do
        if [[ $ENDS = kernel ]]; then
            guest_start "e$n" inet "e$n" "${OUTSIDE[n]}/24" "${ROUTER[n]}" "e${n}v" vpc "10.90.$n.1/30"
            on inet ip addr add "${ROUTER[n]}/24" dev "e$n"
        else
            host "e$n"
            wire inet "e$n" "${ROUTER[n]}/24" "e$n" eth0 "${OUTSIDE[n]}/24"
            wire vpc "e${n}v" "10.90.$n.2/30" "e$n" eth1 "10.90.$n.1/30"
            on "e$n" ip route add default via "${ROUTER[n]}"
        fi
    done
    guests_ready
    [[ $SUBJECT != sallyport ]] && on lan ip addr add 10.99.0.2/24 dev gwlan
    on lan ip route add default via 10.99.0.1
    for n in 1 2; do
        [[ $ENDS = kernel ]] && on vpc ip addr add "10.90.$n.2/30" dev "e${n}v"
        forwards "e$n"
        on "e$n" ip route add "$VPC" via "10.90.$n.2"
    done
    for n in 1 2; do await 15 aws_vpc_reaches "$n" || broken "the VPC does not reach endpoint $n"; done
    aws_vpc_answers_by 1
}
aws_vpc_reaches() { on vpc ping -n -c 1 -W 1 "10.90.$1.1" >/dev/null 2>&1 && on "e$1" ping -n -c 1 -W 1 "10.90.$1.2" >/dev/null 2>&1; }
aws_vpc_answers_by() { on vpc ip route replace "$LAN" via "10.90.$1.1" src 192.168.1.10; }

aws_ends() { [[ $1 = libipsec ]] && echo netns || echo kernel; }

# ---- endpoints

AWS_GROUP=modp1024
aws_swanctl() { # N EXTRA-CONN EXTRA-CHILD: the endpoint's side of tunnel N
    cat <<X
connections {
  us {
    version = 1
    local_addrs = ${OUTSIDE[$1]}
    remote_addrs = $US
    proposals = aes128-sha1-$AWS_GROUP
    unique = never
    dpd_delay = 10s
    dpd_timeout = 30s
    rekey_time = 8h
    $2
    local { auth = psk
      id = ${OUTSIDE[$1]} }
    remote { auth = psk
      id = $US }
    children {
      net {
        local_ts = 0.0.0.0/0
        remote_ts = 0.0.0.0/0
        esp_proposals = aes128-sha1-$AWS_GROUP
        rekey_time = 1h
        dpd_action = clear
        $3
      }
    }
  }
}
secrets {
  ike-us {
    id-1 = ${OUTSIDE[$1]}
    id-2 = $US
    secret = "${PSK[$1]}"
  }
}
X
}
aws_vti() { # LOCAL REMOTE KEY INSIDE PEER-INSIDE ROUTES...: commands that make a route-based tunnel in a real kernel
    local l=$1 r=$2 k=$3 i=$4 p=$5 x; shift 5
    echo "ip link add vti$k type vti local $l remote $r key $k && ip addr add $i/32 peer $p/32 dev vti$k && ip link set vti$k up mtu 1419"
    echo "sysctl -qw net.ipv4.conf.vti$k.disable_policy=1 net.ipv4.conf.vti$k.rp_filter=0 net.ipv4.conf.eth0.disable_xfrm=1 net.ipv4.conf.eth0.disable_policy=1"
    for x in "$@"; do echo "ip route add $x dev vti$k metric $k"; done
    echo 'sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0'
}
AWS_NO_ROUTES='printf "charon-systemd { install_routes = no }\n" >/etc/strongswan.d/zz-labs.conf'

aws_endpoint() { # N libipsec|kernel|libreswan
    local n=$1
    case $2 in
    libipsec)
        charon_start "e$n"
        aws_swanctl "$n" 'encap = yes' '' | charon_load "e$n"
        on "e$n" ip addr add "${INSIDE_THEM[n]}/32" dev lo
        # the policy is 0.0.0.0/0 both ways; what goes into it is a matter of routes, and the endpoint's own datagrams do not
        on "e$n" ip route add "${INSIDE_US[n]}/32" dev ipsec0 src "${INSIDE_THEM[n]}"
        on "e$n" ip route add "$LAN" dev ipsec0
        # charon puts the policy's 0.0.0.0/0 into table 220 whatever install_routes says: what main knows better than by default goes first
        on "e$n" ip rule add pref 100 lookup main suppress_prefixlength 0
        ;;
    kernel)
        {
            echo set -e
            aws_vti "${OUTSIDE[n]}" "$US" "${MARK[n]}" "${INSIDE_THEM[n]}" "${INSIDE_US[n]}" "$LAN"
            echo "$AWS_NO_ROUTES"
            echo "vm-strongswan - <<'C'"
            aws_swanctl "$n" '' "mark_in = ${MARK[n]}
        mark_out = ${MARK[n]}"
            echo C
        } | guest_script "e$n"
        ;;
    libreswan)
        {
            echo set -e
            # a build of one's own, laid over Debian's: labs/aws-libreswan/README.md
            [[ -z ${LIBRESWAN:-} ]] || echo "mkdir -p /run/libreswan; mount -t hostfs none /run/libreswan -o '$LIBRESWAN'; cp -a /run/libreswan/usr/local/. /usr/local/; hash -r"
            echo "cat >/etc/ipsec.d/setup.conf <<'C'"
            printf 'config setup\n\tikev1-policy=accept\n\tuniqueids=no\n\tlogappend=no\n'
            echo C
            echo "cat >/etc/ipsec.d/us.conf <<'C'"
            cat <<X
conn us
	ikev2=no
	authby=secret
	left=${OUTSIDE[n]}
	right=$US
	leftid=${OUTSIDE[n]}
	rightid=$US
	leftsubnet=0.0.0.0/0
	rightsubnet=0.0.0.0/0
	ike=aes128-sha1;$AWS_GROUP
	esp=aes128-sha1;$AWS_GROUP
	pfs=yes
	ikelifetime=8h
	salifetime=1h
	dpddelay=10
	dpdtimeout=30
	dpdaction=hold
	mark=${MARK[n]}/0xffffffff
	vti-interface=vti${MARK[n]}
	vti-routing=no
	leftvti=${INSIDE_THEM[n]}/30
	auto=add
C
echo '${OUTSIDE[n]} $US : PSK "${PSK[n]}"' >/etc/ipsec.d/us.secrets
vm-libreswan
X
        } | guest_script "e$n"
        ;;
    esac
}
aws_initiate() { # N KIND: and, for libreswan, the routes that its interface needs once it is there
    case $2 in
    libipsec) charon "e$1" --initiate --child net --timeout 20 >&4 2>&1 ;;
    kernel) on "e$1" 'swanctl --initiate --child net --timeout 20' >&4 2>&1 ;;
    libreswan) on "e$1" 'timeout 25 ipsec auto --up us' >&4 2>&1 ;;
    esac
}
aws_endpoint_shows() { # N KIND: what the endpoint says of its SAs
    case $2 in
    libipsec) charon "e$1" --list-sas ;;
    kernel) on "e$1" swanctl --list-sas ;;
    libreswan) on "e$1" 'ipsec whack --status | grep -A3 "\"us\"\|#[0-9]"; ip xfrm state' ;;
    esac
}
aws_routes_after_up() { # N KIND
    [[ $2 = libreswan ]] || return 0
    on "e$1" "ip link set vti${MARK[$1]} mtu 1419; ip route replace ${INSIDE_US[$1]}/32 dev vti${MARK[$1]}; ip route replace $LAN dev vti${MARK[$1]}" >&4 2>&1
}

# ---- the gateway under test

aws_subject_start() { # FILE
    local args=(--vpc "$VPC") n
    case $SUBJECT in
    sallyport)
        [[ $WORLD = nat ]] && args+=(--behind-nat)
        sallyport_start gw gw "$1" "${args[@]}"
        ;;
    sallyport-kernel)
        sallyport_guest_start gw "$1" "${args[@]}" --backend kernel
        ;;
    charon)
        {
            echo set -e
            for n in 1 2; do aws_vti "$GW_LOCAL" "${OUTSIDE[n]}" "${MARK[n]}" "${INSIDE_US[n]}" "${INSIDE_THEM[n]}" "$VPC"; done
            echo "$AWS_NO_ROUTES"
            echo "vm-strongswan - <<'C'"
            for n in 1 2; do
                cat <<X
connections {
  Tunnel$n {
    version = 1
    local_addrs = $GW_LOCAL
    remote_addrs = ${OUTSIDE[n]}
    proposals = aes128-sha1-$AWS_GROUP
    unique = never
    keyingtries = 0
    local { auth = psk
      id = $US }
    remote { auth = psk
      id = ${OUTSIDE[n]} }
    children {
      Tunnel$n {
        local_ts = 0.0.0.0/0
        remote_ts = 0.0.0.0/0
        esp_proposals = aes128-sha1-$AWS_GROUP
        mark_in = ${MARK[n]}
        mark_out = ${MARK[n]}
        start_action = $([[ ${BEGINS:-we} = we ]] && echo start || echo none)
      }
    }
  }
}
secrets { ike-$n { id-1 = $US
   id-2 = ${OUTSIDE[n]}
   secret = "${PSK[n]}" } }
X
            done
            echo C
        } | guest_script gw
        ;;
    esac
}
aws_subject_shows() { case $SUBJECT in sallyport) sallyport gw status ;; sallyport-kernel) sallyport_guest gw status ;; charon) on gw swanctl --list-sas ;; esac; }
aws_subject_is_up() { # N
    case $SUBJECT in
    sallyport) sallyport_up gw "Tunnel$1" ;;
    sallyport-kernel) sallyport_guest gw status --json 2>&4 | jq -e --arg c "Tunnel$1" 'any(.tunnels[]; .connection == $c and (.state.name | ascii_upcase) == "UP")' >/dev/null 2>&4 ;;
    charon) on gw "swanctl --list-sas --child Tunnel$1" 2>/dev/null | grep -q INSTALLED ;;
    esac
}
aws_subject_up() { # N SECONDS
    if await "${2:-20}" aws_subject_is_up "$1"; then
        passed "tunnel $1 is up"
    else
        failed "tunnel $1 is up within ${2:-20} s" "$(aws_subject_shows 2>&1; [[ $SUBJECT = sallyport ]] && tail -5 "$OUT/gw.log")"
        return 1
    fi
}
# RFC 2408, 3.1: the responder cookie is zero in the first message only; u32 reads it behind the IP and UDP headers.
FIRST_OF_OURS=(-s "$US" -p udp --dport 500 -m u32 --u32 '0>>22&0x3C@16=0&&0>>22&0x3C@20=0' -j DROP)
aws_we_do_not_begin() { on inet iptables -I FORWARD "${FIRST_OF_OURS[@]}"; }
aws_we_may_begin() { on inet iptables -D FORWARD "${FIRST_OF_OURS[@]}"; }

# ---- the proof, the same for every kind of endpoint

aws_connect() { # KIND we|they FILE: endpoints, our gateway, both tunnels up
    local n kind=$1 jobs=()
    BEGINS=$2
    if [[ $ENDS = kernel ]]; then
        for n in 1 2; do aws_endpoint "$n" "$kind" & jobs+=($!); done
        for n in "${jobs[@]}"; do wait "$n" || exit 1; done
    else
        for n in 1 2; do aws_endpoint "$n" "$kind"; done
    fi
    capture_start inet wire
    [[ $BEGINS = they ]] && aws_we_do_not_begin
    aws_subject_start "$3"
    if [[ $BEGINS = they ]]; then
        for n in 1 2; do aws_initiate "$n" "$kind" || failed "endpoint $n initiates" "$(tail -5 "$OUT/lab.log")"; done
    fi
    for n in 1 2; do aws_subject_up "$n" 30 || return 1; done
    for n in 1 2; do aws_routes_after_up "$n" "$kind"; done
    for n in 1 2; do story "endpoint $n: $(aws_endpoint_shows "$n" "$kind" 2>&1)"; done
    story "$(aws_subject_shows 2>&1)"
}
PING='ping -n -c 5 -i 0.2 -W 2 -p 5a11ca5e5a11ca5e'
aws_traffic() {
    expectations <<X
gw :: $PING -I ${INSIDE_US[1]} ${INSIDE_THEM[1]} :: 5 received, 0% packet loss :: yes
gw :: $PING -I ${INSIDE_US[2]} ${INSIDE_THEM[2]} :: 5 received, 0% packet loss :: yes
lan :: $PING 192.168.1.10 :: 5 received, 0% packet loss :: yes
vpc :: $PING -I 192.168.1.10 10.99.0.2 :: 5 received, 0% packet loss :: yes
lan :: ping -n -c 2 -i 0.2 -W 2 -M do -s 1391 192.168.1.10 :: 2 received :: yes
lan :: ping -n -c 2 -i 0.2 -W 2 -M do -s 1392 192.168.1.10 :: mtu ?= ?1419 :: yes
X
    # S3-37: out by tunnel 1, back by tunnel 2
    aws_vpc_answers_by 2
    expect lan "$PING 192.168.1.10" '5 received, 0% packet loss' yes
    aws_vpc_answers_by 1
}
aws_wire() { # native|udp
    capture_stop wire
    expect_only_ipsec wire 50
    expect_unreadable wire 5a11ca5e5a11ca5e
    local native udp
    native=$(capture_count wire 'ip proto 50') udp=$(capture_count wire 'udp port 4500 and udp[8:4] != 0 and udp[4:2] > 9')
    if [[ $1 = native && $native -gt 0 && $udp = 0 || $1 = udp && $udp -gt 0 && $native = 0 ]]; then
        passed "wire: ESP travels $([[ $1 = native ]] && echo 'as protocol 50' || echo 'in UDP 4500')"
    else
        failed "wire: ESP travels as $1" "$native as protocol 50, $udp in UDP 4500"
    fi
}
aws_begins_seen() { # we|they: whose first message it was that was answered
    local n first
    for n in 1 2; do
        # the first message with a responder cookie answers the one who began
        first=$(tcpdump -r "$OUT/wire.pcap" -n "udp port 500 and host ${OUTSIDE[n]} and (udp[16:4] != 0 or udp[20:4] != 0)" 2>/dev/null | head -1)
        if [[ $1 = we && $first == *"${OUTSIDE[n]}.500 > "* || $1 = they && $first == *" > ${OUTSIDE[n]}.500"* ]]; then
            passed "tunnel $n: $1 began"
        else
            failed "tunnel $n: $1 began" "$first"
        fi
    done
}
