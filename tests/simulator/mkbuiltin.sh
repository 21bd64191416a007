#!/bin/sh
# Print a C table with the text of each profile given, so that the simulator
# finds its profiles wherever it is installed.
#
# This file is part of the magnifier device for FFmpeg. LGPL 2.1 or later.
set -eu

echo '/* made by mkbuiltin.sh */'
echo '#include <stddef.h>'
echo '#include "builtin.h"'
echo 'const SimBuiltinProfile sim_builtin_profiles[] = {'
for file in "$@"; do
    name=${file##*/}
    printf '    { "%s",\n' "${name%.profile}"
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^.*$/      "&\\n"/' "$file"
    echo '    },'
done
echo '    { NULL, NULL }'
echo '};'
