# Sourced by ./sallyport and ./check: sets and exports JAVA_HOME to a JDK 25, or says what to install.
is_jdk25() {
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && grep -q '^JAVA_VERSION="25' "$1/release"
}
find_jdk25() {
    for home in "${JAVA_HOME:-}" "${JAVA_HOME_25:-}" /usr/lib/jvm/* /opt/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
        if [ -n "$home" ] && is_jdk25 "$home"; then
            JAVA_HOME=$home
            return 0
        fi
    done
    if command -v javac >/dev/null 2>&1; then
        home=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
        if is_jdk25 "$home"; then
            JAVA_HOME=$home
            return 0
        fi
    fi
    return 1
}
if ! find_jdk25; then
    echo "sallyport: needs a JDK 25 and found none (looked in JAVA_HOME, JAVA_HOME_25, /usr/lib/jvm, /opt, ~/.sdkman, ~/.jdks and PATH)." >&2
    echo "           Install one, e.g. Temurin (package temurin-25-jdk) or your distribution's openjdk-25-jdk, or set JAVA_HOME." >&2
    exit 69
fi
export JAVA_HOME
