#!/bin/sh
# magprobe gives back what each profile sets. Of each profile:
#
#   - every line that a client can observe is printed, the same WHEN included;
#   - nothing else is printed than that and what the default prints;
#   - a line that is not printed has to be in the list of --unobservable.
#
# What does not hold of a profile may lack (no frames, no list); times have to
# be there and not shorter, since a busy machine makes them longer.
# And without --profile every question has an answer, in words and in JSON; what
# cannot be asked is refused.
# Nothing of this has been seen on real Windows yet.
#
# This file is part of the magnifier device for FFmpeg. LGPL 2.1 or later.

ROOT=$(cd "${0%/*}/../.." && pwd)
BUILD=${BUILD:-$ROOT/build}
PROFILES=$ROOT/tests/simulator/profiles
# MAGPROBE_ONLY= is a pattern of profiles, MAGPROBE_ARCHS= are architectures, MAGPROBE_ALL=1 is every
# profile with each of them, and MAGPROBE_DESKTOPS= so many are at work side by side: a probe waits
# more than it computes, but only one may run on each
ONLY=${MAGPROBE_ONLY-*}
ARCHS=${MAGPROBE_ARCHS-x86_64 i686}
DESKTOPS=${MAGPROBE_DESKTOPS-4}

# desktop NUMBER: one that works at the jobs; again, if its server has come to a loop without an end
desktop() {
    for try in 1 2 3; do
        MAGPROBE_DESKTOP=$1 timeout --foreground -k 60 1800 "$ROOT/tests/desktop" --simulator "$BUILD/simulator" -- sh "$0"
        code=$?
        [ $code = 99 ] || return $code
        rmdir "$WORK/taken.$(cat "$WORK/work.$1")"
        echo "# the $try. time that desktop $1 came to an end by Wine 10's server" >&2
    done
    return $code
}

# all_desktops: they have done all jobs, or one of them came to no good end
all_desktops() {
    desktops=
    for number in $(seq "$DESKTOPS"); do
        desktop "$number" &
        desktops="$desktops $!"
    done
    # shellcheck disable=SC2086 # numbers
    trap 'kill $desktops; exit 130' INT TERM
    for number in $desktops; do
        wait "$number" || { echo "Bail out! a desktop ended with $?"; exit 1; }
    done
}

# plain: comments off, and what a profile may leave out put in; one form for each line
plain() {
    sed -e 's/\r$//' -e 's/#.*//' -e 's/[ \t]*$//' -e '/^[ \t]*$/d' \
        -e 's/ = always$/ = yes/' -e 's/ = \(frame\|frames\|call\|every\) \([0-9]\)/ = yes \1 \2/' \
        -e 's/ always$//' -e 's/ call / frame /'
}

# unobservable LINE FILE: the list names this line, or it with another line of the profile
unobservable() {
    while IFS= read -r entry; do
        entry=${entry%%:*}
        case $entry in
        *' with '*)
            [ "$1" = "${entry%% with *}" ] || [ "$1" = "${entry##* with }" ] || continue
            grep -q -x -F -e "${entry%% with *}" "$2" && grep -q -x -F -e "${entry##* with }" "$2" && return 0 ;;
        *=*) [ "$1" = "$entry" ] && return 0 ;;
        *) [ "${1%% = *}" = "$entry" ] && return 0 ;;
        esac
    done < "$WORK/unobservable"
    return 1
}

# long_enough LINE FILE: a time, printed with the same WHEN, and not shorter but for its rounding
long_enough() {
    case $1 in
    'frame_delay_ms = '* | 'screen_read_ms = '* | 'steal_delay_ms = '* | 'hang = '[0-9]*) ;;
    *) return 1 ;;
    esac
    awk -v want="$1" 'BEGIN { split(want, w, " "); }
        $1 == w[1] && $3 >= w[3] - 2 && $4 == w[4] && $5 == w[5] { found = 1 }
        END { exit !found }' "$2"
}

# compare WANTED PRINTED DEFAULT: what is wrong, a line each
compare() {
    while IFS= read -r line; do
        grep -q -x -F -e "$line" "$2" || unobservable "$line" "$1" || long_enough "$line" "$2" ||
            echo "not given back, and not in the list: $line"
    done < "$1"
    while IFS= read -r line; do
        case $line in 'frame_delay_ms = '* | 'screen_read_ms = '* | 'steal_delay_ms = '*) continue ;; esac
        grep -q -x -F -e "$line" "$3" || grep -q -x -F -e "$line" "$1" || long_enough "$line" "$1" ||
            case $line in 'hang = '[0-9]*) grep -q '^hang = ' "$1" ;; *) false ;; esac ||
            echo "not set by the profile: $line"
    done < "$2"
}

# probe ARCH PROFILE: what it prints goes into a file; again, if Wine did not start it
probe() {
    for probe_try in 1 2; do
        MAGSIM_PROFILE=$2 timeout 60 wine "$BUILD/tests/windows/$1/magprobe.exe" --profile --limit 4 \
            2> /dev/null < /dev/null | plain > "$WORK/$1.$2"
        [ ! -s "$WORK/$1.$2" ] || return 0
        echo "# $1, $2: nothing was printed, try $probe_try" >&2
    done
}

# report NAME COMMAND...: ok if the command says nothing
report() {
    title=$1
    shift
    wrong=$("$@" 2>&1)
    if [ -z "$wrong" ]; then
        echo "ok - $title"
    else
        echo "not ok - $title"
        wrong=$(echo "# failed: $title" && echo "$wrong" | sed 's/^/# /')
        echo "$wrong"
        echo "$wrong" >&2 # where the last lines of a log show it
    fi
}

# given_back ARCH PROFILE: what is wrong with it
given_back() {
    plain < "$PROFILES/$2.profile" > "$WORK/wanted"
    [ -s "$WORK/$1.$2" ] || echo "nothing was printed"
    case $1.$2 in
    i686.mode-change) ;; # Debian's 32-bit Wine comes without the library that changes modes
    *) compare "$WORK/wanted" "$WORK/$1.$2" "$WORK/$1.default" ;;
    esac
}

# ask ARCH: all questions, with few calls
ask() {
    timeout 300 wine "$BUILD/tests/windows/$1/magprobe.exe" --calls 5 --time 1 --limit 30 \
        --json "Z:$WORK/$1.json" 2> /dev/null < /dev/null | tr -d '\r' > "$WORK/$1.answers"
}

# what is wrong with the answers in words
words() {
    for question in 0 1 2 3 4 5 6 7 70 71 72 8 9 10 11 12; do
        grep -q "^Q$question " "$WORK/$1.answers" || echo "no line for question $question"
    done
    grep 'no answer$\|does not return\|crashed with\|cannot be started' "$WORK/$1.answers"
    for question in 4 5 8 9 10 11 12; do
        grep -q "^Q$question .*cannot be told under Wine: " "$WORK/$1.answers" ||
            echo "question $question does not say what Wine cannot tell"
    done
}

# what is wrong with the answers in JSON
json() {
    asked=$(jq -r '[.answers[].question] | join(" ")' "$WORK/$1.json")
    [ "$asked" = '0 1 2 3 4 5 6 7 70 71 72 8 9 10 11 12' ] || echo "questions: $asked"
    jq -r 'select(.arch != "'"$1"'" or .windows == "" or .wine == "") | "another machine"' "$WORK/$1.json"
    jq -r '.answers[] | select((.facts | length) == 0 and
        ([.question] | inside([3, 4, 5, 6, 7, 8, 9, 11, 12, 71, 72]))) | "no facts: \(.question)"' "$WORK/$1.json"
}

# says CODE WORDS OPTION...: what is wrong if it does not end so, with these words
says() {
    says_code=$1
    says_words=$2
    shift 2
    timeout 60 wine "$probe" "$@" > "$WORK/said.$arch" 2>&1 < /dev/null
    says_is=$?
    [ "$says_is" = "$says_code" ] || echo "$*: exit code $says_is, not $says_code"
    grep -q -e "$says_words" "$WORK/said.$arch" || { echo "$*: it does not say: $says_words"; cat "$WORK/said.$arch"; }
}

# what is wrong with its refusals
refuses() {
    probe=$BUILD/tests/windows/$1/magprobe.exe
    for wrong in '--limit 0' '--limit abc' '--limit 4294967297' '--calls 0' '--calls 5x' '--time 0' '--time -1' \
        '--question 99' --question --json '--at 40' '--at 40,40,40' '--at 99999999999,40 --question 1' \
        '--helper nobody' --nothing; do
        # shellcheck disable=SC2086 # words
        says 2 "^magprobe: ${wrong%% --question 1}: .*; --help" $wrong
    done
    for place in -600,40 40,-1 100000,40 40,719; do
        says 1 'is no place where' --at $place
    done
    says 1 'is no place where' --at 100000,40 --question 1
    says 1 'none.magprobe.json cannot be written' --json 'C:\none\none.magprobe.json'
}

# what is wrong with what it says of its options
explains() {
    probe=$BUILD/tests/windows/$1/magprobe.exe
    says 0 '' --help
    for option in json profile time attended at calls limit question visible monitor helper unobservable help; do
        grep -q "^--$option .*[a-z]" "$WORK/said.$1" || echo "--help does not explain --$option"
    done
}

# What is wrong where its output cannot be written, to a full device, to nobody, or to a file whose
# size has an end
full() {
    probe=$BUILD/tests/windows/$1/magprobe.exe
    for option in --help --unobservable --profile; do
        timeout 60 wine "$probe" $option > /dev/full 2> "$WORK/said.$1" < /dev/null
        [ $? = 1 ] && grep -q 'cannot be written' "$WORK/said.$1" || echo "$option: a full device is not told"
    done
    rm -f "$WORK/nobody.$1"
    mkfifo "$WORK/nobody.$1"
    : < "$WORK/nobody.$1" &
    timeout 60 wine "$probe" --profile > "$WORK/nobody.$1" 2> "$WORK/said.$1" < /dev/null
    [ $? = 1 ] && grep -q 'cannot be written' "$WORK/said.$1" || echo 'that nobody reads is not told'
    echo before > "$WORK/full.$1.json"
    (
        trap '' XFSZ
        ulimit -f 1
        timeout 60 wine "$probe" --calls 1 --json "Z:$WORK/full.$1.json" > /dev/null 2> /dev/null < /dev/null
    )
    [ $? = 1 ] || echo 'half a JSON is not told'
    [ "$(ls "$WORK/full.$1.json"*)" = "$WORK/full.$1.json" ] && grep -q -x before "$WORK/full.$1.json" ||
        echo 'half a JSON is left'
}

# What is wrong where the path is longer than MAX_PATH, where Wine 8 starts no child: either
# each question has an answer, or it says that it has none.
far_away() {
    folder=$WORK/far.$1
    while [ ${#folder} -lt 300 ]; do
        folder=$folder/0123456789012345678901234567890123456789
    done
    mkdir -p "$folder" && cp -f "$BUILD/tests/windows/$1/magprobe.exe" "$folder" || echo 'no copy'
    timeout 300 wine "$folder/magprobe.exe" --calls 1 --json "Z:$WORK/far.json" > "$WORK/far" 2> /dev/null < /dev/null
    far_code=$?
    far_unasked=$(grep -c '^Q.*cannot be started' "$WORK/far")
    [ "$far_code $far_unasked" = '0 0' ] || [ "$far_code $far_unasked" = '1 15' ] ||
        echo "exit code $far_code where $far_unasked questions were not asked"
}

# children: of the one that is called orphan, each a line
children() {
    ps -eo args | grep "${WORK##*/}.[o]rphan[.]exe --question"
}

# What is wrong when it is killed while a child hangs
orphaned() {
    cp "$BUILD/tests/windows/$1/magprobe.exe" "$WORK/orphan.exe"
    MAGSIM_PROFILE=hang-forever wine "$WORK/orphan.exe" --profile --limit 600 > "$WORK/orphan" 2>&1 < /dev/null &
    orphan_pid=$!
    until children > "$WORK/orphans"; do
        kill -0 $orphan_pid || { echo 'no child came'; return; }
        sleep 0.1
    done
    kill -KILL $orphan_pid
    for _ in $(seq 100); do
        children > "$WORK/orphans" || return
        sleep 0.1
    done
    echo 'the child stays when its parent is killed'
}

# What is wrong where one is running: another is refused; and what Ctrl-C leaves of the first. (A
# shell's background jobs ignore SIGINT.)
interrupted() {
    probe=$BUILD/tests/windows/$1/magprobe.exe
    rm -f "$WORK/telling.$1"
    mkfifo "$WORK/telling.$1"
    env --default-signal=INT wine "$probe" --calls 5 --json "Z:$WORK/cut.$1.json" \
        > "$WORK/telling.$1" 2> "$WORK/cut.said.$1" < /dev/null &
    probe_pid=$!
    {
        # the first answer
        while read -r line && case $line in Q1*) false ;; esac; do :; done
        for other in '--profile --at 600,300' '--question 1' "--json Z:$WORK/second.$1.json"; do
            # shellcheck disable=SC2086 # words
            says 1 'another magprobe or verify is running' $other
            [ "$(wc -l < "$WORK/said.$1")" = 1 ] || echo "$other: more than one line"
        done
        [ ! -e "$WORK/second.$1.json" ] || echo 'the second one left a file'
        kill -INT "$probe_pid"
        cat > "$WORK/rest.$1"
    } < "$WORK/telling.$1"
    wait "$probe_pid"
    probe_code=$?
    [ $probe_code = 1 ] || echo "exit code $probe_code when it is interrupted"
    grep -q 'interrupted before question' "$WORK/cut.said.$1" || cat "$WORK/cut.said.$1"
    jq -e '.interrupted and (.answers | length) < 15 and .answers[0].question == 1' "$WORK/cut.$1.json" > "$WORK/rest.$1" ||
        { echo 'the JSON is not whole'; cat "$WORK/cut.$1.json"; }
}

# questions ARCH: what is not a profile
questions() {
    ask "$1"
    report "$1: every question has its line" words "$1"
    report "$1: magprobe.json has them all" json "$1"
    report "$1: what cannot be asked is refused" refuses "$1"
    report "$1: --help explains each option" explains "$1"
    report "$1: output that cannot be written is told, and no half JSON is left" full "$1"
    report "$1: another one beside it, and Ctrl-C" interrupted "$1"
    # a path is one of the same program, and so is a job object
    [ "$1" != x86_64 ] || report "$1: where no child can be started that is told" far_away "$1"
    [ "$1" != x86_64 ] || report "$1: a child ends with its parent" orphaned "$1"
}

# is_wanted ARCH JOB: the profiles that were asked for; the questions with the default, and what all
# need. With 32 bit those where the size of a pointer, the heap or how a call is left decides.
is_wanted() {
    case $2 in
    unobservable | default) return ;;
    questions) grep -q -x default "$WORK/names"; return ;;
    esac
    grep -q -x -e "$2" "$WORK/names" || return
    [ "$1" != i686 ] || [ -n "${MAGPROBE_ALL-}" ] || grep -q -e '^block_' -e '^without_callback' -e '^heap_' -e '^access_' \
        -e '^hang' -e '^cbsize' -e '^callback_' -e '^thread' -e '^offset' -e '^foreign_' "$PROFILES/$2.profile"
}

# work: take one job after the other, which no other desktop has taken
work() {
    xrandr -q > /dev/null
    while read -r arch job; do
        mkdir "$WORK/taken.$arch.$job" 2> /dev/null || continue
        echo "$arch.$job" > "$WORK/work.$MAGPROBE_DESKTOP"
        case $job in
        unobservable) wine "$BUILD/tests/windows/$arch/magprobe.exe" --unobservable | tr -d '\r' > "$WORK/$job" ;;
        questions) questions "$arch" > "$WORK/questions.$arch" 2>&1 < /dev/null ;;
        mode-change) probe "$arch" "$job"; break ;; # the display is another one afterwards
        *) probe "$arch" "$job" ;;
        esac
    done < "$WORK/jobs"
}

# in a desktop
[ -z "${MAGPROBE_WORK-}" ] || { WORK=$MAGPROBE_WORK; work; exit; }

# where the desktops of another Wine can see it, too
WORK=$(mktemp -d "$BUILD/magprobe.XXXXXX") || exit 1
MAGPROBE_WORK=$WORK
export MAGPROBE_WORK BUILD
trap 'rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM

for file in "$PROFILES"/$ONLY.profile; do
    name=${file##*/}
    echo "${name%.profile}"
done > "$WORK/names"

# the longest first, and last what changes the display
for job in unobservable default questions hang-forever \
        $(grep -v -x -e default -e hang-forever -e mode-change "$WORK/names") mode-change; do
    for arch in $ARCHS; do
        ! is_wanted "$arch" "$job" || echo "$arch $job"
    done
done > "$WORK/jobs"
all_desktops

for arch in $ARCHS; do
    cat "$WORK/questions.$arch" 2> /dev/null
    while IFS= read -r name; do
        ! grep -q -x "$arch $name" "$WORK/jobs" || report "$arch: $name is given back" given_back "$arch" "$name"
    done < "$WORK/names"
done > "$WORK/tap"
cat "$WORK/tap"
echo "1..$(grep -c -e '^ok' -e '^not ok' "$WORK/tap")"
