# shellcheck shell=bash
# The gateway under test. SUBJECT=sallyport (default) or SUBJECT=charon: the same lab with strongSwan in our place, which proves the lab itself.
#
#   sallyport_start HOST NAME ARG...   ./sallyport run ARG... in HOST, with its own socket, state and log; await its socket
#   sallyport NAME VERB ARG...         the command line against that daemon
#   sallyport_guest_start GUEST FILE ARG...     the same in a guest, with this machine's JDK, the jar and the file mounted there
#   sallyport_guest GUEST VERB ARG...           the command line there
#   sallyport_status NAME JQ           jq -r over `status --json`
#   sallyport_up NAME CONNECTION       true while that tunnel carries traffic
SALLYPORT=${SALLYPORT:-$ROOT/sallyport}
sallyport_spawn() { # HOST NAME ARG...
    local h=$1 n=$2; shift 2
    spawn "$h" "$n" "$SALLYPORT" run "$@" --socket "$OUT/$n.sock" --state-dir "$OUT/$n.state"
}
sallyport_start() {
    sallyport_spawn "$@"
    await "${SUBJECT_SECONDS:-30}" sallyport_answers "$2" && running "$2" || broken "sallyport on $1 does not answer" "$(tail -8 "$OUT/$2.log")"
}
# A socket alone proves nothing: after kill -9 the old one lies there.
sallyport_answers() {
    running "$1" || return 0
    sallyport "$1" status >/dev/null 2>&1
    [[ $? -le 1 ]] # 1: a tunnel is not up, but somebody said so
}
sallyport() { local n=$1 v=$2; shift 2; beside "$n" "$SALLYPORT" "$v" "$@" --socket "$OUT/$n.sock"; }
sallyport_status() { sallyport "$1" status --json 2>&4 | jq -r "$2" 2>&4; }
sallyport_up() { sallyport "$1" status --json 2>&4 | jq -e --arg c "$2" 'any(.tunnels[]; .connection == $c and (.state.name | ascii_upcase) == "UP")' >/dev/null 2>&4; }

# A guest sees folders of this machine as they are (hostfs).
sallyport_guest_start() { # GUEST FILE ARG...
    local g=$1 file=$2 jdk; shift 2
    jdk=$(. "$ROOT/scripts/find-jdk.sh" && echo "$JAVA_HOME")
    mkdir -p "$OUT/$g.d"
    cp "$file" "$OUT/$g.d/"
    {
        echo set -e
        echo 'mkdir -p /run/sp/jdk /run/sp/jar /run/sp/files /run/sallyport'
        echo "mount -t hostfs none /run/sp/jdk -o '$jdk'"
        echo "mount -t hostfs none /run/sp/jar -o '$ROOT/target'"
        echo "mount -t hostfs none /run/sp/files -o '$OUT/$g.d'"
        # one processor, little memory: the first compiler only
        echo "cat >/run/sp/sallyport <<'S'"
        echo '#!/bin/sh'
        echo 'exec /run/sp/jdk/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m -Xshare:auto --enable-native-access=ALL-UNNAMED -jar /run/sp/jar/sallyport.jar "$@"'
        echo S
        echo 'chmod 755 /run/sp/sallyport'
        echo "/run/sp/sallyport run /run/sp/files/$(basename "$file") $* >/run/sp/log 2>&1 </dev/null &"
        echo 'for i in $(seq 600); do [ -S /run/sallyport/control.sock ] && exit 0; kill -0 $! 2>/dev/null || { cat /run/sp/log; exit 1; }; sleep 0.1; done; exit 1'
    } | guest_script "$g"
}
sallyport_guest() { local g=$1; shift; on "$g" /run/sp/sallyport "$@"; }
