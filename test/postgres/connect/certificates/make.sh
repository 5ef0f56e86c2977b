#!/bin/sh
# Makes the throw-away certificates of the TLS tests again (openssl 3): sh make.sh. They protect nothing.
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

authority() { # NAME
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj "/CN=belt test $1" \
    -addext basicConstraints=critical,CA:TRUE -keyout "$tmp/$1.key" -out "$1.crt"
}
leaf() { # NAME COMMON-NAME EXTENSION
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$2" -keyout "$1.key" -out "$tmp/$1.csr"
  echo "$3" >"$tmp/ext"
  openssl x509 -req -in "$tmp/$1.csr" -CA ca.crt -CAkey "$tmp/ca.key" -CAcreateserial -CAserial "$tmp/serial" \
    -days 36500 -extfile "$tmp/ext" -out "$1.crt"
}

authority ca
authority other-ca
leaf localhost belt-test subjectAltName=DNS:localhost
leaf address belt-test subjectAltName=IP:127.0.0.1
leaf client cert_user extendedKeyUsage=clientAuth
chmod 600 ./*.key
