#!/bin/sh
# The adversary for long: adversary.t in portions of four rounds, each on a desktop of its own, as the server of
# Wine 10 was seen to end up in a loop; what was going on then is run again. In the end a table of what was seen.
#
#   adversary.sh TABLE [WINE...]
#
# TABLE is a file to be written, WINE 8 or 10, or else the one of MAGNIFIER_WINE. The variables are those of
# adversary.t, ADVERSARY_SECONDS (600) is for each Wine.

set -u

cd "$(dirname "$0")/../.." || exit 1
table=$1
shift
[ $# -gt 0 ] || set -- "${MAGNIFIER_WINE-}"
export ADVERSARY_SECONDS="${ADVERSARY_SECONDS:-600}"
export ADVERSARY_SEED="${ADVERSARY_SEED:-$(date +%s)}"
export ADVERSARY_TABLE="$table"
portions=$(((ADVERSARY_SECONDS + 79) / 80))
failed=
rm -f "$table" "$table.deeds"
mkdir -p "$(dirname "$table")" && : > "$table" && : > "$table.deeds" || exit 1

for wine; do
    if [ "$wine" = 10 ] && ! why=$(build-aux/wine10.sh 2>&1); then
        echo "$why"
        # with CI set that is a failure
        [ -z "${CI-}" ] || failed="$failed 10"
        continue
    fi
    n=0
    while [ "$n" -lt "$portions" ]; do
        n=$((n + 1))
        MAGNIFIER_WINE=$wine ADVERSARY_SHARE=$n/$portions prove --timer tests/e2e/adversary.t || failed="$failed ${wine:-own},$n"
    done
done

echo
awk 'BEGIN { format = "%-10s %-26s %6s %7s %7s %9s %7s\n"
             printf format, "Wine", "profile", "rounds", "acts", "frames", "held back", "pixels" }
    { key = $1 " " $2; if (!(key in n)) name[nb++] = key
      n[key]++; acts[key] += $3; frames[key] += $4; held[key] += $5; pixels[key] += $6
      n[$1]++; acts[$1] += $3; frames[$1] += $4; held[$1] += $5; pixels[$1] += $6
      if (n[$1] == 1) wine[wines++] = $1 }
    END { for (i = 0; i < nb; i++) {
              k = name[i]
              split(k, w, " ")
              printf format, w[1], w[2], n[k], acts[k], frames[k], held[k], pixels[k]
          }
          for (i = 0; i < wines; i++) {
              k = wine[i]
              printf format, k, "all", n[k], acts[k], frames[k], held[k], pixels[k]
          } }' "$table"

# An act that always fails is none. No Wine cloaks a window: there is only what Windows would tell of it. And a
# handle hardly ever comes back where others make windows at the same time: adversary.t has a check for that.
echo
tr -d '\r:' < "$table.deeds" | awk '
    { what = $6; for (i = 7; i <= NF; i++) what = what " " $i
      key = $1 " " what
      if (!(key in of)) name[nb++] = key
      done[key] += $3; of[key] += $5 }
    END { for (i = 0; i < nb; i++) {
              none = !done[name[i]] && name[i] !~ / (cloak|handle again)$/
              bad += none
              printf "%s: done %d of %d%s\n", name[i], done[name[i]], of[name[i]], none ? " - NOT DONE" : ""
          }
          exit bad || !nb }' || [ "$ADVERSARY_SECONDS" -lt 300 ] || failed="$failed deeds"

[ -z "$failed" ] || { echo "red:$failed" >&2; exit 1; }
