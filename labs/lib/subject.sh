# shellcheck shell=bash
# The gateway under test. SUBJECT=sallyport (default) or SUBJECT=charon: the same lab with strongSwan in our place, which proves the lab itself.
#
#   sallyport_start HOST NAME ARG...   ./sallyport run ARG... in HOST, with its own socket, state and log; await its socket
#   sallyport NAME VERB ARG...         the command line against that daemon
#   sallyport_status NAME JQ           jq -r over `status --json`
sallyport_spawn() { # HOST NAME ARG...
    local h=$1 n=$2; shift 2
    spawn "$h" "$n" "$ROOT/sallyport" run "$@" --socket "$OUT/$n.sock" --state-dir "$OUT/$n.state"
}
sallyport_start() {
    sallyport_spawn "$@"
    await "${SUBJECT_SECONDS:-30}" sallyport_answers "$2" || broken "sallyport on $1 does not answer" "$(tail -8 "$OUT/$2.log")"
}
sallyport_answers() { [[ -S $OUT/$1.sock ]] || ! running "$1"; }
sallyport() { local n=$1 v=$2; shift 2; beside "$n" "$ROOT/sallyport" "$v" "$@" --socket "$OUT/$n.sock"; }
sallyport_status() { sallyport "$1" status --json 2>&4 | jq -r "$2" 2>&4; }
