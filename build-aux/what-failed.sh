#!/bin/sh
#
# what-failed.sh LOG...: of the logs of test targets what tells of a failure, at most 60 lines
# of each: checks with what they said, tests that ended or broke off by themselves, prove's
# own report, errors of a compiler and of make; and its last lines. It says nothing of a log
# without one.

set -u

for log; do
    awk -v log_name="$log" '
        function say() { if (!said++) print "== what failed in " log_name ":"; if (said <= 60) print }
        { last[NR % 6] = $0 }
        /^FAILED - /           { say(); with = 1; next } # lint
        /^    / && with        { say(); next }
        /^not ok/ && !/# TODO/ { say(); with = 1; next }
        /^# failed: /          { say(); with = 1; next }
        /^#/                   { if (with) say(); next }
                               { with = 0 }
        /^Test Summary Report/ { report = 1 }
        /^Files=/              { report = 0 }
        report || /Bail ?out/ || /^tests\/desktop: / || /\[  FAILED  \]/ || /(^|[^a-z-])error: / || \
        / \*\*\* / || /AddressSanitizer|ThreadSanitizer|runtime error/ || /^under Wine 10: / { say() }
        END {
            if (said > 60) print "== and " said - 60 " more lines there"
            if (said) print "== its last lines:"
            for (i = NR - 5; said && i <= NR; i++) if (i > 0) print last[i % 6]
        }' "$log"
done
