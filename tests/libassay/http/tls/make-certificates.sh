#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the certificates in this folder anew. They are for tests on loopback only, and their keys are public.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

: > "$work/index.txt"
cat > "$work/ca.conf" <<EOF
[ca]
default_ca = test
[test]
database = $work/index.txt
new_certs_dir = $work
serial = $work/serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
EOF

# key and request: name
request ()
{
  openssl req -newkey rsa:2048 -nodes -keyout "$work/$1.key" -out "$work/$1.csr" -subj "/CN=Assay test $1" \
    2> "$work/log" || { cat "$work/log" >&2; exit 1; }
}

# certificate: name, first day, last day, who signs (options)
sign ()
{
  name=$1 first=$2 last=$3
  shift 3
  openssl ca -batch -notext -config "$work/ca.conf" -rand_serial -in "$work/$name.csr" -out "$work/$name.crt" \
    -extfile "$work/$name.ext" -startdate "$first" -enddate "$last" "$@" 2> "$work/log" \
    || { cat "$work/log" >&2; exit 1; }
}

# server: name, subject alternative name, first day, last day
issue ()
{
  request "$1"
  printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$2" > "$work/$1.ext"
  sign "$1" "$3" "$4" -cert "$work/authority.crt" -keyfile "$work/authority.key"
  cat "$work/$1.key" "$work/$1.crt" > "$1.pem"
}

request authority
printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n' \
  > "$work/authority.ext"
sign authority 20200101000000Z 21200101000000Z -selfsign -keyfile "$work/authority.key"
cp "$work/authority.crt" authority.pem

issue good 'IP:127.0.0.1,DNS:localhost' 20200101000000Z 21200101000000Z
issue expired 'IP:127.0.0.1,DNS:localhost' 20200101000000Z 20200201000000Z
issue not-yet 'IP:127.0.0.1,DNS:localhost' 21100101000000Z 21200101000000Z
issue other-host 'DNS:other.example' 20200101000000Z 21200101000000Z
