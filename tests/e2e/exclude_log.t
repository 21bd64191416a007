#!/bin/sh
# The log of the exclusion and -window_list json, read as a program reads them: each line is JSON, and
# what they say is what the packets and the closing lines say.

# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$0")/lib.sh"
on_desktop --size 640x480

stamped_scene
title='Gehälter 2026 \ <b>'
secret_scene "title=\"$title\""
log=$tmp/log.jsonl

# read_log PROGRAM [ARGUMENT...]: Python, with the log's lines as objects, what the host printed, and
# the packets in that; all that is true of each log is checked before.
cat > "$tmp/read.py" << 'END'
import json, os, re, sys

tmp = os.path.dirname(os.path.abspath(__file__))
log = [json.loads(line) for line in open(tmp + '/log.jsonl', encoding='utf-8', newline='\n')]
host = open(tmp + '/host', encoding='utf-8').read()
packets = [dict(part.split('=', 1) for part in line.split('|')[1:])
           for line in host.split('\n') if line.startswith('packet')]

def of(event):
    return [line for line in log if line['event'] == event]

def closing(pattern):
    found = re.search(pattern, host)
    return int(found[1]) if found else 0

def is_hex(text):
    return re.fullmatch('[0-9a-f]{64}', text or '') is not None

# each line says what, when, and at which packet; time does not run backwards
assert all(list(line)[:3] == ['event', 'time', 'pts'] for line in log), log
assert log[0]['event'] == 'start' and log[-1]['event'] == 'end' and len(of('start')) == len(of('end')) == 1
assert [line['time'] for line in log] == sorted(line['time'] for line in log)
pts = [int(packet['pts']) for packet in packets]
assert all(line['pts'] is None or line['pts'] in pts for line in log), (log, pts)
assert log[-1]['pts'] == pts[-1]
# near the packets' own time: the log's is not that of another clock
assert all(abs(line['time'] - (line['pts'] or line['time'])) < 60e6 for line in log)

# what the last "state" says is what the packet says, and none says what the one before did
for packet in packets:
    state = [line for line in of('state') if line['pts'] <= int(packet['pts'])][-1]
    said = {key: str(value) for key, value in state.items() if key not in ('event', 'time')}
    assert {**packet, 'pts': ''} == {**said, 'pts': ''}, (packet, state)
states = [{key: value for key, value in line.items() if key not in ('time', 'pts')} for line in of('state')]
assert all(a != b for a, b in zip(states, states[1:]))
assert all(line['pts'] in pts for line in of('state'))

# the sums are those of the closing lines
end = log[-1]
names = 'open', 'proven', 'clean', 'repeat', 'black', 'outage'
assert end['frames'] == len(packets) == closing(r'(?m)^(\d+) frames, ') == sum(end[name] for name in names)
assert all(end[name] == sum(packet['state'] == name for packet in packets) for name in names)
assert end['repeat'] + end['black'] + end['outage'] == closing(r'frames, (\d+) repeats')
if 'Exclusion: ' in host:
    assert end['held_back'] == closing(r'(\d+) frames held back') == sum(line['frames'] for line in of('hold_end'))
    assert end['lists'] == closing(r'(\d+) lists') == len(of('list'))
    assert end['clean'] == closing(r'(\d+) delivered without proof')
    for count, reason in re.findall(r'(?m)^Held back (\d+): (.*)$', host):
        assert int(count) == sum(line['frames'] for line in of('hold_end') if line['reason'] == reason), reason

# each hold has its end before the next one, with the same reason
held = None
for line in log:
    if line['event'] == 'hold':
        assert held is None
        held = line['reason']
    elif line['event'] == 'hold_end':
        assert held == line['reason']
        held = None
assert held is None
# why there is no new picture was why one was held back
reasons = {line['reason'] for line in of('hold')} | {'no picture was confirmed in time', 'the API gives no picture'}
assert all(packet.get('reason') in reasons for packet in packets if packet['state'] in ('repeat', 'black', 'outage'))

# a list has windows that match, as many as it says, and those of packets are among the lists
known = set()
for line in log:
    if line['event'] == 'match':
        assert line['hwnd'] not in known and line['exe'] and line['class'] and line['pid']
        known.add(line['hwnd'])
    elif line['event'] == 'unmatch':
        known.remove(line['hwnd'])
    elif line['event'] == 'list':
        assert len(line['windows']) == line['listed'] and line['rules'] == of('rules')[-1]['rules'] or len(of('rules')) > 1
assert {packet['list'] for packet in packets if 'list' in packet} <= {str(line['list']) for line in of('list')}
END

read_log() {
    read_log_program=$1
    shift
    { cat "$tmp/read.py"; printf '%s\n' "$read_log_program"; } > "$tmp/check.py"
    python3 "$tmp/check.py" "$@" || { cat "$log" "$tmp/host"; return 1; }
}

# host FRAMES OPTIONS: what the packets say, and the closing lines; no picture with the colour
host() {
    rm -f "$log"
    timeout -k 10 "$net" wine "$E2E_BUILD/tests/$build/host.exe" metadata "$1" "$(windows_path "$tmp/raw")" \
        "framerate=20:draw_mouse=0:exclude_log=Z\\:$log:$2" > "$tmp/host.raw" 2> /dev/null < /dev/null
    host_code=$?
    tr -d '\r' < "$tmp/host.raw" > "$tmp/host"
    [ "$host_code" = 0 ] && ! grep -a 'PROFILE ERROR' "$tmp/host" || { cat "$tmp/host"; return 1; }
    case $2 in
    *exclude*=exe*) frames "$size" "$tmp/raw" "number $1" 'tint ff00ff' ;;
    esac
}

# shellcheck disable=SC2016 # Python's
proven() {
    host 20 exclude=exe=secret.exe && read_log '
import hashlib
assert end["proven"] >= 15 and log[0]["titles"] == "sha256" and of("rules")[0]["count"] == 1
mine = [line for line in of("match") if line["title_sha256"] == hashlib.sha256(sys.argv[1].encode()).hexdigest()]
assert len(mine) == 1 and mine[0]["exe"] == "secret.exe" and mine[0]["rule"] == 1 and mine[0]["why"] == "rule"
assert all(is_hex(line["title_sha256"]) and "title" not in line for line in of("match"))
assert mine[0]["hwnd"] in of("list")[0]["windows"]' "$title" && not grep -a 'Geh' "$log"
}

titles() {
    host 5 exclude=exe=secret.exe:exclude_log_titles=1 && read_log '
assert log[0]["titles"] == "text" and sys.argv[1] in [line["title"] for line in of("match")], log
assert not any("title_sha256" in line for line in log)' "$title"
}

without() {
    host 5 exclude_proof=auto && read_log 'assert end["open"] == 5 and not of("match") and "lists" not in end'
}

repeats() {
    MAGSIM_PROFILE=filter-ignored-later host 30 exclude=exe=secret.exe && read_log '
assert end["repeat"] and end["held_back"] and any("canary" in line["reason"] for line in of("hold"))'
}

black() {
    MAGSIM_PROFILE=filter-ignored-later host 30 exclude=exe=secret.exe:on_unsafe=black && read_log 'assert end["black"]'
}

outage() {
    MAGSIM_PROFILE=outage host 30 exclude=exe=secret.exe && read_log 'assert end["outage"]'
}

# More windows than the list takes
painted() {
    forty 2 10 20 300 40 30 'size=60x40 color=ff00ff' || return 1
    host 20 exclude=exe=secret.exe && read_log '
assert of("list")[-1]["painted"] == 19 and len(of("list")[-1]["windows"]) == 22 and len(of("match")) >= 41'
    painted_result=$?
    no_forty 2
    return $painted_result
}

# A window that opens and goes; a rule that comes.
changes() {
    rm -f "$tmp/raw"
    printf 'exe=secret.exe\n' > "$tmp/rules"
    host 80 "exclude_file=Z\\:$tmp/rules" &
    recorder=$!
    until [ "$(stat -c %s "$tmp/raw" 2> /dev/null || echo 0)" -gt $((640 * 480 * 4 * 10)) ]; do
        kill -0 "$recorder" 2> /dev/null || { echo 'it was over before'; return 1; }
        sleep 0.1
    done
    on 2 'window two at=450,100 size=50x50 color=ff00ff title=two' || return 1
    two=$(on 2 'hwnd two')
    printf 'title=nobody\nexe=secret.exe\n' > "$tmp/rules.new" && mv "$tmp/rules.new" "$tmp/rules"
    until grep -q '"event":"rules".*"rules":2' "$log"; do
        kill -0 "$recorder" 2> /dev/null || { echo 'it was over before the rules'; return 1; }
        sleep 0.1
    done
    on 2 'destroy two'
    wait "$recorder" || return 1
    read_log '
two = sys.argv[1].lower()
assert [line["rules"] for line in of("rules")] == [1, 2] and of("rules")[1]["count"] == 2
match = [line for line in of("match") if line["hwnd"] == two]
assert match and match[0]["rule"] in (1, 2) and any(two in line["windows"] for line in of("list")), two
assert any(line["hwnd"] == two for line in of("unmatch"))' "$two"
}

# A second recording goes on in the file.
appended() {
    host 5 exclude=exe=secret.exe || return 1
    cp "$log" "$tmp/first"
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -loglevel error -f "$device" -framerate 20 -exclude exe=secret.exe \
        -exclude_log "$(windows_path "$log")" -i desktop -frames:v 3 -f null - || return 1
    head -c "$(stat -c %s "$tmp/first")" "$log" | cmp - "$tmp/first" && [ "$(grep -c '"event":"end"' "$log")" = 2 ]
}

# nothing is recorded, and no picture taken
not_written() {
    refused "$1" "exclude_log .*$2" -exclude exe=secret.exe -exclude_log "$(windows_path "$3")" -i desktop
}

# what was given by mistake stays as it is
not_a_log() {
    printf 'exe=secret.exe\n' > "$tmp/rules"
    not_written 'Invalid argument' 'something else in it' "$tmp/rules" && [ "$(cat "$tmp/rules")" = exe=secret.exe ]
}

# ---- the list of windows ---------------------------------------------------------

# list_json [OPTION...]: on the standard output there is nothing else
list_json() {
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin "$@" -f "$device" -exclude exe=secret.exe -window_list json -i desktop \
        > "$tmp/list" 2> "$tmp/log"
    list_code=$?
    cat "$tmp/list"
    echo "exit code $list_code"
    case $build in
    5.*) is_error "$list_code" ;;
    *)   [ "$list_code" = 0 ] ;;
    esac
}

list_to_full_disk() {
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -f "$device" -window_list json -i desktop \
        > /dev/full 2> "$tmp/log"
    full_code=$?
    cat "$tmp/log"
    is_error "$full_code" && grep 'The standard output cannot be written' "$tmp/log"
}

listed() {
    long=$(printf '一二三四五六七八九十%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 \
                                                   21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40)
    on 1 "window long at=600,440 size=30x30 title=$long" || return 1
    list_json "$@"
    listed_result=$?
    timeout -k 10 "$net" wine "$ffmpeg" -hide_banner -nostdin -f "$device" -exclude exe=secret.exe -window_list 1 -i desktop \
        2>&1 < /dev/null | own_lines > "$tmp/lines"
    on 1 'destroy long' && [ "$listed_result" = 0 ] || return 1
    python3 - "$tmp" "$title" "$long" << 'END'
import json, re, sys
tmp, title, long = sys.argv[1:]
data = open(tmp + '/list', 'rb').read()
assert b'\r' not in data
windows = json.loads(data)
secret, = [w for w in windows if w['title'] == title]
assert secret['exe'] == 'secret.exe' and secret['rect'] == dict(x=100, y=80, width=300, height=200)
assert secret['why'] == 'rule' and secret['rule'] == 1 and secret['rule_text'] == 'exe=secret.exe'
assert secret['path'].endswith('\\secret.exe') and secret['class'] and secret['pid']
window, = [w for w in windows if w['title'] == long]
assert window['why'] is None and window['rule'] is None and window['exclude'] == f'exe=scene.exe&class=scene&title={long}'
assert len(data.decode().split('\n')) == len(windows) + 3
# the list for people has the same windows, in the same order, and rules to be copied
lines = [line.split('\t') for line in open(tmp + '/lines', encoding='utf-8') if '\thwnd ' in line]
assert [re.search('hwnd (0x[0-9a-f]+) pid ([0-9]+)', line[1]).groups() for line in lines] == \
       [(w['hwnd'], str(w['pid'])) for w in windows]
assert [re.sub(r'^\[[^]]*\] ', '', line[0]) for line in lines] == [w['exclude'] for w in windows]
assert [len(line) == 3 for line in lines] == [w['why'] is not None for w in windows]
END
}

for b in $E2E_BUILDS; do
    use_build "$b"
    check "$b: proven: the lines are what the packets and the closing line say, titles hashed" proven
    check "$b: a second recording goes on in the file" appended
    check "$b: a folder that is not there: no start" not_written 'No such file' 'there is no such folder.*(error 3)' "$tmp/no/x"
    check "$b: a folder: no start" not_written 'Permission denied' 'it is a folder' "$tmp"
    check "$b: no file: no start" not_written 'I/O error\|Input/output error' 'no file on a disk' NUL
    check "$b: something else in it: no start" not_a_log
    check "$b: the list of windows in JSON" listed
    check "$b: it cannot be written: an error" list_to_full_disk
    check "$b: the same where nothing is logged" listed -loglevel quiet
    check "$b: titles, when they are asked for" titles
    check "$b: nothing is to be left out" without
    check "$b: repeats" repeats
    check "$b: black" black
    check "$b: an outage" outage
    check "$b: more windows than the list takes" painted
    check "$b: a window comes and goes, and other rules" changes
done

finish
