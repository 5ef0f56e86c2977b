#!/usr/bin/env bash
# Unpacks Debian's Postgres programs (server, client tools, pglogical) with all their libraries into a folder:
#   debian-tree.sh MAJOR SUITE FOLDER
# Nothing is installed and no root is needed. The archive is the one that this machine's own apt uses.
set -euo pipefail
major=$1 suite=$2 folder=$3
fail() { echo "debian-tree: $*" >&2; exit 1; }

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[[ -r $keyring ]] || fail "there is no $keyring: install debian-archive-keyring"
archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 -E '/debian/?$' | sed -E 's#/debian/?$##') ||
  fail "apt is not set up for a Debian archive here"

# An apt of its own: its own lists and cache, and no installed packages, so that it names the whole closure.
part=$folder.part
apt=$part/apt
rm -rf "$part"
mkdir -p "$apt"/{lists/partial,cache/archives/partial,packages}
: >"$apt/status"
echo "deb [signed-by=$keyring] $archive/debian $suite main" >"$apt/sources.list"
# The suite in preparation has no security archive.
[[ $suite == forky ]] || echo "deb [signed-by=$keyring] $archive/debian-security $suite-security main" >>"$apt/sources.list"
cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "$apt/sources.list"; Dir::Etc::sourceparts "/dev/null"; Dir::Etc::parts "/dev/null";
Dir::Etc::preferences "/dev/null"; Dir::Etc::preferencesparts "/dev/null";
Dir::State "$apt"; Dir::State::Lists "$apt/lists"; Dir::State::status "$apt/status"; Dir::Cache "$apt/cache";
APT::Architecture "amd64"; APT::Architectures { "amd64"; }; APT::Sandbox::User "root";
Acquire::Languages "none"; Acquire::Check-Valid-Until "false"; Acquire::Retries "3"; Acquire::http::Timeout "30";
CONF
export APT_CONFIG=$apt/apt.conf
timeout 180 apt-get update -qq >&2 || fail "apt-get update for $suite failed"

# Of the closure, what a server that is only run never opens stays behind.
unneeded='libllvm|libperl|libz3|libedit|libclang|postgresql-.*(common|jit)|libc-(l10n|bin|gconv)|libdb5|libdebconf'
unneeded+='|libsemanage|libsepol|libpam-(modules|runtime)|libncursesw|libgdbm|libproc|libbsd|libbz2|libmd0|libacl'
unneeded+='|libblkid|libmount|libsystemd-shared'
apt-get install -y --no-install-recommends --print-uris "postgresql-$major" "postgresql-$major-pglogical" 2>"$apt/errors" |
  awk -v quote="'" '$1 ~ "^" quote { name = $2; sub("_.*", "", name); print name }' |
  grep -E '^(postgresql-|lib|zlib1g)' | grep -vE "^($unneeded)" >"$apt/names" || true
grep -q "^postgresql-$major-pglogical" "$apt/names" || fail "no postgresql-$major-pglogical in $suite: $(tail -n 1 "$apt/errors")"
(cd "$apt/packages" && xargs timeout 300 apt-get download -qq <"$apt/names" >&2) || fail "download from $suite failed"
for package in "$apt"/packages/*.deb; do dpkg -x "$package" "$part"; done
rm -rf "$apt" "$part"/usr/share/{doc,locale,man,"postgresql/$major/man"}
rm -rf "$part/usr/lib/postgresql/$major/lib/bitcode" "$part/usr/lib/postgresql/$major/lib/"llvmjit*
rm -rf "$folder"
mv "$part" "$folder"

# Each program becomes a script that starts it under the libc of its own release. (An exported LD_LIBRARY_PATH would
# also reach the host's /bin/sh, which initdb starts, and break it.)
bin=$folder/usr/lib/postgresql/$major/bin
mv "$bin" "$bin.real"
mkdir "$bin"
libraries=$folder/usr/lib/x86_64-linux-gnu:$folder/lib/x86_64-linux-gnu
loader=$(find "$folder/usr/lib/x86_64-linux-gnu" "$folder/lib/x86_64-linux-gnu" -maxdepth 1 -name ld-linux-x86-64.so.2 2>/dev/null | head -n 1 || true)
if [[ -z $loader ]] || ! "$loader" --help 2>/dev/null | grep -q -e --argv0; then
  # glibc before 2.33 (bullseye): the host's newer one, with the other libraries of the release.
  loader=/lib64/ld-linux-x86-64.so.2 libraries=$folder/libraries
  "$loader" --help 2>/dev/null | grep -q -e --argv0 || fail "this needs glibc 2.33 or later"
  mkdir "$libraries"
  own='(ld|lib(c|m|pthread|dl|rt|util|resolv|nsl|crypt|anl|mvec|thread_db|nss_.*|BrokenLocale|memusage|pcprofile|SegFault))'
  find "$folder/usr/lib/x86_64-linux-gnu" "$folder/lib/x86_64-linux-gnu" -maxdepth 1 -name '*.so*' 2>/dev/null |
    while read -r file; do [[ ${file##*/} =~ ^$own[.-] ]] || ln -sf "$file" "$libraries/${file##*/}"; done
fi
for program in "$bin".real/*; do
  printf '#!/bin/sh\nexec %s --argv0 "$0" --library-path %s %s "$@"\n' "$loader" "$libraries" "$program" >"$bin/${program##*/}"
done
chmod 755 "$bin"/*
chmod -R a+rX "$folder"
