# magprobe: what a Magnification.dll does, measured from outside. Nothing of it
# has been seen on real Windows yet; test-magprobe runs it on the stand-in.
# (WINDOWS_COMMON, what verify has too, is in kit.mk.)

MAGPROBE_DIR     := tests/windows/magprobe
MAGPROBE_SOURCES := $(sort $(wildcard $(MAGPROBE_DIR)/*.c) $(wildcard $(WINDOWS_COMMON)/*.c))
MAGPROBE_CFLAGS  := -std=gnu11 -O2 -g -D__USE_MINGW_ANSI_STDIO=1 -DWINVER=0x0601 -D_WIN32_WINNT=0x0601 \
                    -Wall -Wextra -Wundef -Wdeclaration-after-statement -Werror
MAGPROBE_ARCHES  := x86_64 i686

MAGPROBE_LIBS    := -lgdi32 -luser32 -lshell32 -ladvapi32 -ldxguid -static

define magprobe_arch
$(BUILD)/tests/windows/$(1)/%.o: tests/windows/%.c $(wildcard $(MAGPROBE_DIR)/*.h $(WINDOWS_COMMON)/*.h) tests/windows/windows.mk
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $(MAGPROBE_CFLAGS) -c -o $$@ $$<

$(BUILD)/tests/windows/$(1)/magprobe.exe: $(MAGPROBE_SOURCES:tests/windows/%.c=$(BUILD)/tests/windows/$(1)/%.o)
	$(1)-w64-mingw32-gcc -o $$@ $$^ $(MAGPROBE_LIBS)
endef
$(foreach a,$(MAGPROBE_ARCHES),$(eval $(call magprobe_arch,$(a))))

## magprobe: build the probe, x86_64 and i686
magprobe: $(MAGPROBE_ARCHES:%=$(BUILD)/tests/windows/%/magprobe.exe)

test-magprobe: simulator magprobe
	BUILD=$(abspath $(BUILD)) prove --timer --exec sh tests/windows/magprobe.t

# No mingw GCC makes ARM64 programs; clang compiles for it with the headers that are there.
## magprobe-arm64: check that the probe compiles for ARM64, if clang is installed
magprobe-arm64:
	@if ! command -v clang > /dev/null; then echo 'magprobe-arm64: skipped, clang is missing'; \
	else for file in $(MAGPROBE_SOURCES); do \
	    clang --target=aarch64-windows-gnu -isystem /usr/share/mingw-w64/include $(MAGPROBE_CFLAGS) \
	        -c -o /dev/null $$file || exit 1; done; fi
.PHONY: magprobe magprobe-arm64 test-magprobe

TESTS_ALL += test-magprobe
