# magprobe: what a Magnification.dll does, measured from outside. Nothing of it
# has been seen on real Windows yet; test-magprobe runs it on the stand-in.

MAGPROBE_DIR     := tests/windows/magprobe
MAGPROBE_SOURCES := $(sort $(wildcard $(MAGPROBE_DIR)/*.c))
MAGPROBE_CFLAGS  := -std=gnu11 -O2 -g -D__USE_MINGW_ANSI_STDIO=1 -DWINVER=0x0601 -D_WIN32_WINNT=0x0601 \
                    -Wall -Wextra -Wundef -Wdeclaration-after-statement -Werror
MAGPROBE_ARCHES  := x86_64 i686

$(BUILD)/tests/windows/%/magprobe.exe: $(MAGPROBE_SOURCES) $(wildcard $(MAGPROBE_DIR)/*.h) tests/windows/windows.mk
	@mkdir -p $(@D)
	$*-w64-mingw32-gcc $(MAGPROBE_CFLAGS) -o $@ $(MAGPROBE_SOURCES) -lgdi32 -luser32 -static

## magprobe: the probe, x86_64 and i686
magprobe: $(MAGPROBE_ARCHES:%=$(BUILD)/tests/windows/%/magprobe.exe)

test-magprobe: simulator magprobe
	BUILD=$(abspath $(BUILD)) prove --timer --exec sh tests/windows/magprobe.t
.PHONY: magprobe test-magprobe

TESTS_ALL += test-magprobe
