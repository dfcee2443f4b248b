# shellcheck shell=bash
# Everything a lab may use.
. "$(dirname "${BASH_SOURCE[0]}")/lab.sh"
for part in capture charon guest subject aws site; do . "$LABS/lib/$part.sh"; done
unset part
