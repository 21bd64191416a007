# End-to-end tests: the real ffmpeg.exe on a private desktop with real windows.
# Each tests/e2e/*.t is a shell script that emits TAP; "make test-e2e" runs them
# for the builds of "make test", "make test-e2e E2E_BUILDS=7.1/x86_64" for one.

E2E_ARCHES ?= x86_64 i686
E2E_BUILDS ?= $(foreach r,$(TEST_RELEASES),$(foreach a,$(E2E_ARCHES),$(r)/$(a)))
# The longest first, so that none of them runs on alone in the end.
E2E_LONG   := $(wildcard $(patsubst %,tests/e2e/%.t,rates blocks outage host exclude cover hostile headers))
E2E_TESTS  ?= $(E2E_LONG) $(filter-out $(E2E_LONG),$(sort $(wildcard tests/e2e/*.t)))
# How many at once; each has a desktop of its own, and mostly waits.
E2E_JOBS   ?= 2
E2E_OUT    := $(BUILD)/tests

E2E_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror -Wundef -Wdeclaration-after-statement \
              -Wno-missing-field-initializers

define e2e_arch
$(E2E_OUT)/$(1)/scene.exe: tests/e2e/scene.c tests/e2e/pattern.h tests/e2e/e2e.mk
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(E2E_CFLAGS) -o $$@ $$< -lgdi32 -lcomctl32 -lwinmm -lshell32 -lm

E2E_PROGRAMS += $(E2E_OUT)/$(1)/scene.exe
endef
$(foreach a,$(E2E_ARCHES),$(eval $(call e2e_arch,$(a))))

$(E2E_OUT)/frames: tests/e2e/frames.c tests/e2e/pattern.h tests/e2e/e2e.mk
	@mkdir -p $(@D)
	$(CC) $(E2E_CFLAGS) -o $@ $<

E2E_PROGRAMS += $(E2E_OUT)/frames

# host.exe is linked with the static libraries of a build, as another's program
# would be. Not large address aware in 32 bit: 2 GB of addresses are the point.
define e2e_host
$(E2E_OUT)/$(1)/host.exe: tests/e2e/host.c tests/e2e/cursor.h tests/e2e/pattern.h \
        tests/e2e/e2e.mk $(BUILD)/$(1)/ffmpeg.exe
	@mkdir -p $$(@D)
	$(notdir $(1))-w64-mingw32-gcc $$(E2E_CFLAGS) -D_WIN32_WINNT=0x0600 -I$(BUILD)/$(1) \
	    -o $$@ $$< -static -Wl,--start-group $$$$(ls $(BUILD)/$(1)/lib*/lib*.a) -Wl,--end-group \
	    $$$$(sed -n 's/^EXTRALIBS-[a-z]*=//p' $(BUILD)/$(1)/ffbuild/config.mak | \
	        tr ' ' '\n' | grep '^-[lL]' | sort -u)

E2E_HOSTS += $(E2E_OUT)/$(1)/host.exe
endef
$(foreach b,$(E2E_BUILDS),$(eval $(call e2e_host,$(b))))

.PHONY: e2e-programs test-e2e
e2e-programs: $(E2E_PROGRAMS) $(E2E_HOSTS)

# what "make record" puts on its desktop
record: $(E2E_OUT)/x86_64/scene.exe

test-e2e: e2e-programs simulator $(foreach b,$(E2E_BUILDS),$(BUILD)/$(b)/ffmpeg.exe)
	E2E_BUILD='$(abspath $(BUILD))' E2E_BUILDS='$(E2E_BUILDS)' prove --timer -j$(E2E_JOBS) $(E2E_TESTS)

# For "make check": one check or more of what matters most.
CHECK_E2E  := exclude hostile cover pixels errors time
CHECK_ONLY := left out by program\|owns, of the same thread\|without trouble\|canary is in the picture\|list is refused
CHECK_ONLY := $(CHECK_ONLY)\|over all of them is whole\|that is left out covers\|each pixel of\|pictures are black\|a region off
CHECK_ONLY := $(CHECK_ONLY)\|no Magnification.dll\|empty exclude\|still records\|what it is$$\|in one long call

.PHONY: check-e2e
check-e2e:
	E2E_ONLY='$(CHECK_ONLY)' $(MAKE) --no-print-directory test-e2e RELEASE=7.1 ARCHES=x86_64 \
	    E2E_BUILDS=7.1/x86_64 E2E_TESTS='$(CHECK_E2E:%=tests/e2e/%.t)'

# Some ten minutes, after a change of a test or of the device.
## mutants-e2e: break the device step by step, and see the end-to-end tests go red
.PHONY: mutants-e2e
mutants-e2e: e2e-programs simulator $(BUILD)/7.1/x86_64/ffmpeg.exe
	tests/e2e/mutants.sh $(BUILD) 7.1/x86_64

TESTS_ALL += test-e2e
