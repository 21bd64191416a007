# FFmpeg's own Makefile, with warnings as errors in the device's files. Only
# this project's builds use it: what a user builds from the patches and sources
# is not stopped by the warning of a newer compiler.

include Makefile

# 5.1 and 7.1 ask for no -Wextra, FFmpeg's callbacks have parameters that a
# device does not use, and its tables of options leave out the last fields
# (AVOption.unit, and all but the name in the entry that ends them).
libavdevice/magnifier/%.o: CFLAGS += -g \
    -Wextra -Wundef -Wmissing-prototypes -Wdeclaration-after-statement \
    -Wno-unused-parameter -Wno-missing-field-initializers -Werror
