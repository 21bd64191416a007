# Is a line what was expected, to the last character? In what was expected, %d stands for a number, %x for
# one in hexadecimal, %s for any text.
#
# This file is part of the magnifier input device for FFmpeg and is under the
# same licence, the GNU Lesser General Public License 2.1 or later.

function regexp_of(wanted,    i, c, re) {
    if (wanted in regexps)
        return regexps[wanted]
    re = "^"
    for (i = 1; i <= length(wanted); i++) {
        c = substr(wanted, i, 1)
        if (c == "%" && substr(wanted, i + 1, 1) ~ /[dxs]/) {
            c = substr(wanted, ++i, 1)
            re = re (c == "d" ? "-?[0-9]+" : c == "x" ? "[0-9a-f]+" : ".+")
        } else {
            re = re (index("\\.^$*+?(){}[]|", c) ? "\\" c : c)
        }
    }
    return regexps[wanted] = re "$"
}

function is_like(line, wanted) {
    return line == wanted || (wanted ~ /%[dxs]/ && line ~ regexp_of(wanted))
}
