#!/bin/sh
#
# build-aux/fetch-ffmpeg.sh without a network: the cache, the checksum, and one
# clear line when nothing can be had.

# shellcheck source=tests/build/tap.sh
. "$(dirname "$0")/tap.sh"

fetch=$project/build-aux/fetch-ffmpeg.sh
cache=$scratch/cache
tools=$scratch/tools
mkdir -p "$cache" "$tools"

# Neither Debian nor ffmpeg.org answers, unless a test says so.
cat >"$tools/apt-get" <<'EOF'
#!/bin/sh
echo "E: no network" >&2
exit 100
EOF
cat >"$tools/curl" <<'EOF'
#!/bin/sh
echo "$@" >>"$SCRATCH/asked"
while [ $# -gt 0 ]; do
    [ "$1" != -o ] || out=$2
    shift
done
[ ! -f "$SCRATCH/tarball" ] || { cp "$SCRATCH/tarball" "$out"; exit 0; }
echo "curl: (6) Could not resolve host" >&2
exit 6
EOF
printf '#!/bin/sh\n' >"$tools/sleep"
chmod +x "$tools"/*
SCRATCH=$scratch PATH=$tools:$PATH
export SCRATCH PATH

run "$fetch"
ok 'no release named' refused usage

run "$fetch" 3.3 "$cache"
ok 'unknown release' refused "unknown release '3.3' (there are 5.1, 7.1, 8.1, 9.0)"

run "$fetch" 7.1 "$cache"
ok 'nothing to be had' refused 'could not get FFmpeg 7.1 from Debian or ffmpeg.org (curl: (6) Could not resolve host)'
ok 'after a few tries' test "$(wc -l <"$scratch/asked")" -eq 3
ok 'and nothing left behind' test -z "$(ls -A "$cache")"

echo 'not what was published' | xz >"$scratch/tarball"
run "$fetch" 7.1 "$cache"
ok 'a tarball with another checksum is not taken' refused 'does not have the checksum'
ok 'nor kept' test -z "$(ls -A "$cache")"

echo old | xz >"$cache/ffmpeg-7.1.9.tar.xz"
echo new | xz >"$cache/ffmpeg-7.1.10.tar.xz"
echo other | xz >"$cache/ffmpeg-7.10.1.tar.xz"
rm "$scratch/asked"
run "$fetch" 7.1 "$cache"
ok 'what is in the cache is taken' succeeded
ok 'the newest of it' grep -qx "$cache/ffmpeg-7.1.10.tar.xz" "$scratch/out"
ok 'and nobody is asked' test ! -e "$scratch/asked"

finish
