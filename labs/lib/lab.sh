# shellcheck shell=bash
# What every lab starts with: `. "$(dirname "$0")/../lib/lab.sh"`. Hosts (namespaces), wires, waiting, expectations, tidying up.
#
#   host NAME                      a network namespace of this run, called NAME by the rest of the lab
#   wire A IF ADDR/LEN B IF ADDR/LEN    a veth pair with its two addresses, up (an ADDR of - gives none)
#   on HOST COMMAND...             one word: a bash line; several: as they are. HOST is a namespace, a guest (lib/guest.sh) or `here`
#   spawn HOST NAME COMMAND...     in the background; its pid is ended at the end; output in $OUT/NAME.log; pid in ${PID[NAME]}
#   await SECONDS COMMAND...       asks again every 0.1 s until it is true; false after SECONDS
#   expect HOST COMMAND PATTERN yes|no [SECONDS]    an extended regular expression in what COMMAND says, within SECONDS
#   expectations <<E               the same as data: `host :: command :: pattern :: yes|no [:: seconds]`, # starts a remark
#   scene NAME FUNCTION ARG...     runs it as a play of its own: its output in $OUT/NAME, all its hosts gone afterwards, the next scene goes on
#   scene_beside NAME FUNCTION ARG...   the same, beside those that play already; `scenes_end [N]` waits until no more than N of them play
#   passed TEXT, failed TEXT SEEN, skipped TEXT     what `expect` ends in; for what does not fit a pattern
set -u
LABS=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ROOT=$(dirname "$LABS")
LAB=$(basename "$(cd "$(dirname "$0")" && pwd)")
HERE=$LABS/$LAB
OUT=${LABS_OUT:-$LABS/out}/$LAB
SUBJECT=${SUBJECT:-sallyport}
P=${LABS_PREFIX:-labs}-$$-
declare -A KIND=([here]=here) PID=()
GUESTS=() RESULTS=$OUT/results
rm -rf "$OUT"
mkdir -p "$OUT"
: >"$RESULTS"
exec 3>&1 4>>"$OUT/lab.log" # 3: the person; 4: the long story

say() { printf '%s\n' "$*" >&3; printf '%(%H:%M:%S)T %s\n' -1 "$*" >&4; }
story() { printf '%(%H:%M:%S)T %s\n' -1 "$*" >&4; }
passed() { echo ok >>"$RESULTS"; say "  ok      $*"; }
skipped() { echo skipped >>"$RESULTS"; say "  SKIPPED $*"; }
failed() { # TEXT SEEN
    echo FAILED >>"$RESULTS"
    say "  FAILED  $1"
    [[ -z ${2:-} ]] || say "$(sed 's/^/          | /' <<<"$2" | head -n "${LABS_SEEN:-8}")"
}
broken() { failed "cannot go on: $1" "${2:-}"; exit 1; } # the EXIT trap tidies up

await() { # SECONDS COMMAND...
    local end=$((SECONDS + $1)); shift
    while ! "$@"; do
        [[ $SECONDS -lt $end ]] || return 1
        sleep 0.1
    done
}

# ---- hosts and wires

host() {
    local n
    for n in "$@"; do
        ip netns add "$P$n" || broken "no namespace $n"
        KIND[$n]=netns
        # set before any interface exists, so all inherit: quiet wires, and answers may come back another way
        ip netns exec "$P$n" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 \
            net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.conf.default.accept_local=1
        ip -n "$P$n" link set lo up
    done
}
forwards() { local n; for n in "$@"; do on "$n" sysctl -qw net.ipv4.ip_forward=1; done; }
wire() { # A IF ADDR B IF ADDR
    ip link add "$2" netns "$P$1" type veth peer name "$5" netns "$P$4" || broken "no wire $1 $4"
    [[ $3 = - ]] || ip -n "$P$1" addr add "$3" dev "$2"
    [[ $6 = - ]] || ip -n "$P$4" addr add "$6" dev "$5"
    ip -n "$P$1" link set "$2" up
    ip -n "$P$4" link set "$5" up
}
on() { # HOST COMMAND...
    local h=$1; shift
    case ${KIND[$h]:-} in
    here) if [[ $# = 1 ]]; then bash -c "$1"; else "$@"; fi ;;
    netns) if [[ $# = 1 ]]; then ip netns exec "$P$h" bash -c "$1"; else ip netns exec "$P$h" "$@"; fi ;;
    guest) "$LABS/guest/exec" -n -t "${ON_SECONDS:-60}" "$P$h" "$@" ;;
    *) echo "no host $h" >&2; return 127 ;;
    esac
}
# Its own /run, so that several daemons with compiled-in pid files live side by side.
spawn() { # HOST NAME COMMAND...
    local h=$1 n=$2; shift 2
    rm -f "$OUT/$n.pid"
    # shellcheck disable=SC2016
    ip netns exec "$P$h" setsid bash -c 'mount -t tmpfs tmpfs /run && echo $$ >"$0" && exec "$@"' "$OUT/$n.pid" "$@" \
        </dev/null >"$OUT/$n.log" 2>&1 3>&- 4>&- &
    disown
    await 5 test -s "$OUT/$n.pid" || broken "$n did not start" "$(cat "$OUT/$n.log")"
    PID[$n]=$(<"$OUT/$n.pid")
}
running() { [[ -n ${PID[$1]:-} && -d /proc/${PID[$1]} && $(sed 's/.*) //' "/proc/${PID[$1]}/stat" 2>/dev/null) != Z* ]]; }
gone() { ! running "$1"; }
halt() { # NAME...: asks, then insists
    local n
    for n in "$@"; do running "$n" && kill "${PID[$n]}" 2>/dev/null; done
    for n in "$@"; do
        await 5 gone "$n" || kill -KILL "${PID[$n]}" 2>/dev/null
        unset "PID[$n]"
    done
}
# Looking into the mount namespace of a spawned daemon (its /run).
beside() { local n=$1; shift; nsenter -t "${PID[$n]}" -m -n "$@"; }

tidy() {
    local n
    trap '' INT TERM HUP
    story "tidying up"
    for n in "${!PID[@]}"; do halt "$n"; done
    for n in "${GUESTS[@]}"; do "$LABS/guest/stop" "$n" >&4 2>&1; done
    for n in "${!KIND[@]}"; do
        [[ ${KIND[$n]} = netns ]] || continue
        # whatever a daemon left running in there is ours: it is in a namespace only this run made
        # shellcheck disable=SC2046
        kill -KILL $(ip netns pids "$P$n") 2>/dev/null
        ip netns del "$P$n"
    done
}
declare -A SCENE=() # by pid: the name of a scene that plays
NUMBER_OF_SCENE=0
trap '[[ ${#SCENE[@]} = 0 ]] || { kill -TERM "${!SCENE[@]}"; wait "${!SCENE[@]}"; }; echo "$LAB: stopped" >&2; exit 143' INT TERM HUP
scene() { # NAME FUNCTION ARG...
    begin_scene '' "$@"
    scenes_end
}
# scenes side by side need hosts of other names
scene_beside() { # NAME FUNCTION ARG...
    NUMBER_OF_SCENE=$((NUMBER_OF_SCENE + 1))
    begin_scene "$NUMBER_OF_SCENE-" "$@"
}
begin_scene() { # PREFIX NAME FUNCTION ARG...
    local prefix=$1 n=$2; shift 2
    [[ -z ${SCENES:-} || " $SCENES " == *" $n "* ]] || return 0
    say "$LAB: $n"
    # not in the foreground, so that a signal to this shell is acted on at once
    (
        local begin=$SECONDS
        OUT=$OUT/$n P=$P$prefix SCENE=()
        mkdir -p "$OUT"
        trap 'tidy; story "$n took $((SECONDS - begin)) s"' EXIT
        trap 'exit 143' INT TERM HUP
        "$@"
    ) &
    SCENE[$!]=$n
}
scenes_end() { # [N]
    local pid
    while [[ ${#SCENE[@]} -gt ${1:-0} ]]; do
        wait -n -p pid "${!SCENE[@]}"
        unset "SCENE[$pid]"
    done
}

# ---- expectations

expect() { # HOST COMMAND PATTERN yes|no [SECONDS]
    local h=$1 c=$2 p=$3 want=$4 end=$((SECONDS + ${5:-0})) seen has
    while :; do
        seen=$(on "$h" "$c" 2>&1)
        has=no; grep -Eq -- "$p" <<<"$seen" && has=yes
        [[ $has = "$want" ]] && break
        [[ $SECONDS -lt $end ]] || break
        sleep 0.2
    done
    story "$h> $c"$'\n'"$seen"
    if [[ $has = "$want" ]]; then
        passed "$h: $c: $([[ $want = yes ]] || echo 'no ')$p"
    else
        failed "$h: $c: $([[ $want = yes ]] || echo 'no ')$p" "$seen"
        return 1
    fi
}
expectations() {
    local line f rc=0
    while IFS= read -r line; do
        [[ $line =~ ^[[:space:]]*(#|$) ]] && continue
        f=()
        while [[ $line == *' :: '* ]]; do f+=("${line%%' :: '*}"); line=${line#*' :: '}; done
        f+=("$line")
        [[ ${#f[@]} -ge 4 ]] || broken "an expectation has host :: command :: pattern :: yes|no" "$line"
        expect "${f[@]}" || rc=1
    done
    return $rc
}
