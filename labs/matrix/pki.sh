# shellcheck shell=bash
# One CA, and for each kind of key a certificate of each end. A comment of 1200 octets in each makes every message with one longer than a packet.
PKI=$OUT/pki
pki() { # once, before any scene
    local d=$PKI.new a who kind
    rm -rf "$d"
    mkdir -p "$d"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=ca.lab -keyout "$d/ca.key" -out "$d/ca.pem" \
        -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign,cRLSign
    for a in rsa ecdsa ed25519; do
        for who in us peer; do
            case $a in
            rsa) kind=(RSA -pkeyopt rsa_keygen_bits:2048) ;;
            ecdsa) kind=(EC -pkeyopt ec_paramgen_curve:prime256v1 -pkeyopt ec_param_enc:named_curve) ;;
            ed25519) kind=(ED25519) ;;
            esac
            openssl genpkey -algorithm "${kind[@]}" -out "$d/$who-$a.key"
            openssl req -new -key "$d/$who-$a.key" -subj "/CN=$who.lab" |
                openssl x509 -req -CA "$d/ca.pem" -CAkey "$d/ca.key" -CAcreateserial -days 20 -out "$d/$who-$a.pem" -extfile <(
                    printf 'subjectAltName = DNS:%s.lab\nkeyUsage = critical,digitalSignature\nextendedKeyUsage = serverAuth,clientAuth\nbasicConstraints = critical,CA:false\nnsComment = ' "$who"
                    printf 'c%.0s' {1..1200}
                )
        done
    done
    mv "$d" "$PKI"
} >&4 2>&1
# the folders of --load-creds, with what END needs now
folders() { # DIR us|peer
    rm -rf "$1"
    mkdir -p "$1"/{x509,x509ca,private,rsa,ecdsa,pkcs8,pubkey,x509crl,x509ocsp,x509aa,x509ac,bliss,pkcs12,conf.d}
    [[ $AUTHENTICATION != psk ]] || return 0
    cp "$PKI/ca.pem" "$1/x509ca/"
    cp "$PKI/$2-$AUTHENTICATION.pem" "$1/x509/end.pem"
    cp "$PKI/$2-$AUTHENTICATION.key" "$1/private/end.key"
}
# what a peer may want our own signature to be
signature() { echo pubkey; }
# swanctl.conf's words for how an end proves who it is, with its own certificate
proof() { # [own]
    if [[ $AUTHENTICATION = psk ]]; then echo 'auth = psk'; else
        echo "auth = $([[ ${1:-} = own ]] && signature || echo pubkey)"
        [[ -z ${1:-} ]] || echo '    certs = end.pem'
    fi
}
