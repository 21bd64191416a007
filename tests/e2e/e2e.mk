# End-to-end tests: the real ffmpeg.exe on a private desktop with real windows.
# Each tests/e2e/*.t is a shell script that emits TAP. "make test" runs the whole of them for
# two builds that differ in all, and a short form for the other one it has;
# "make test-e2e E2E_BUILDS=7.1/i686" runs them for that one.

E2E_ARCHES ?= x86_64 i686
E2E_WHOLE  := 7.1/x86_64 5.1/i686
E2E_BUILDS ?= $(E2E_WHOLE)
# The longest first, so that none of them runs on alone in the end.
E2E_LONG   := $(wildcard $(patsubst %,tests/e2e/%.t,rates blocks exclude window outage cover canary host hostile verdict))
# What is not run with each build, and no part of "make test"; test-adversary is its short form.
E2E_ALONE  := tests/e2e/adversary.t
E2E_TESTS  ?= $(E2E_LONG) $(filter-out $(E2E_LONG) $(E2E_ALONE),$(sort $(wildcard tests/e2e/*.t)))
# e2e_builds RELEASES: of each both architectures
e2e_builds = $(foreach r,$(1),$(foreach a,$(E2E_ARCHES),$(r)/$(a)))
# How many at once; each has a desktop of its own, and mostly waits.
E2E_JOBS   ?= 3
E2E_OUT    := $(BUILD)/tests

E2E_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror -Wundef -Wdeclaration-after-statement

define e2e_arch
$(E2E_OUT)/$(1)/scene.exe: tests/e2e/scene.c tests/e2e/pattern.h tests/rooms/wine.h tests/e2e/e2e.mk
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(E2E_CFLAGS) -o $$@ $$< -lgdi32 -lcomctl32 -lwinmm -lshell32 -lm

$(E2E_OUT)/$(1)/planted.dll: tests/e2e/planted.c tests/e2e/e2e.mk
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(E2E_CFLAGS) -shared -static-libgcc -o $$@ $$<

$(E2E_OUT)/$(1)/planted.exe: tests/e2e/planted.c tests/e2e/e2e.mk
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(E2E_CFLAGS) -DPROGRAM -static-libgcc -o $$@ $$<

$(E2E_OUT)/$(1)/adversary.exe: tests/e2e/adversary.c tests/rooms/wine.h tests/e2e/e2e.mk
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(E2E_CFLAGS) -o $$@ $$< -lgdi32

E2E_PROGRAMS += $(foreach p,scene.exe adversary.exe planted.dll planted.exe,$(E2E_OUT)/$(1)/$(p))
endef
$(foreach a,$(E2E_ARCHES),$(eval $(call e2e_arch,$(a))))

$(E2E_OUT)/x86_64/through.exe: tests/e2e/through.c tests/e2e/e2e.mk
	@mkdir -p $(@D)
	x86_64-w64-mingw32-gcc $(E2E_CFLAGS) -o $@ $<

$(E2E_OUT)/x86_64/held.exe: tests/e2e/held.c tests/e2e/e2e.mk
	@mkdir -p $(@D)
	x86_64-w64-mingw32-gcc $(E2E_CFLAGS) -o $@ $< -lntdll

E2E_PROGRAMS += $(E2E_OUT)/x86_64/through.exe $(E2E_OUT)/x86_64/held.exe

# Of 64 bit, as the programs that it is for.
$(E2E_OUT)/ground.so: tests/e2e/ground.c tests/e2e/e2e.mk
	@mkdir -p $(@D)
	$(CC) $(E2E_CFLAGS) -shared -fPIC -o $@ $<

E2E_PROGRAMS += $(E2E_OUT)/ground.so

$(E2E_OUT)/frames: tests/e2e/frames.c tests/e2e/pattern.h tests/e2e/e2e.mk
	@mkdir -p $(@D)
	$(CC) $(E2E_CFLAGS) -o $@ $<

E2E_PROGRAMS += $(E2E_OUT)/frames

# host.exe is linked with the static libraries of a build, as another's program
# would be. Not large address aware in 32 bit: 2 GB of addresses are the point.
# Its boxes are rows of numbers, without what comes to be known of a box later.
define e2e_host
$(E2E_OUT)/$(1)/host.exe: tests/e2e/host.c tests/e2e/cursor.h tests/e2e/pattern.h \
        tests/e2e/e2e.mk $(BUILD)/$(1)/ffmpeg.exe
	@mkdir -p $$(@D)
	$(notdir $(1))-w64-mingw32-gcc $$(E2E_CFLAGS) -Wno-missing-field-initializers -D_WIN32_WINNT=0x0600 -I$(BUILD)/$(1) \
	    -o $$@ $$< -static -Wl,--start-group $$$$(ls $(BUILD)/$(1)/lib*/lib*.a) -Wl,--end-group \
	    $$$$(sed -n 's/^EXTRALIBS-[a-z]*=//p' $(BUILD)/$(1)/ffbuild/config.mak | \
	        tr ' ' '\n' | grep '^-[lL]' | sort -u)

E2E_HOSTS += $(E2E_OUT)/$(1)/host.exe
endef
$(foreach b,$(sort $(E2E_BUILDS) $(TEST_BUILDS)),$(eval $(call e2e_host,$(b))))

.PHONY: e2e-programs test-e2e
e2e-programs: $(E2E_PROGRAMS) $(foreach b,$(E2E_BUILDS),$(E2E_OUT)/$(b)/host.exe)

TEST_PROGRAMS += $(E2E_PROGRAMS) $(E2E_HOSTS)

# what "make record" puts on its desktop
record: $(E2E_OUT)/x86_64/scene.exe

test-e2e: e2e-programs simulator $(foreach b,$(E2E_BUILDS),$(BUILD)/$(b)/ffmpeg.exe)
	E2E_BUILD='$(abspath $(BUILD))' E2E_BUILDS='$(E2E_BUILDS)' prove --timer -j$(E2E_JOBS) $(E2E_TESTS)

# The stand-in as Windows 11 probably is, where a test does not ask for a fault.
## test-e2e-windows-11: run the end-to-end tests on the profile windows-11
.PHONY: test-e2e-windows-11
test-e2e-windows-11: export MAGSIM_PROFILE = windows-11
test-e2e-windows-11:
	$(MAKE) --no-print-directory test-e2e RELEASE=7.1 ARCHES=x86_64 E2E_BUILDS=7.1/x86_64

# MAGNIFIER_WINE=10 is for "adversary", too; ADVERSARY_SEED and more: see adversary.t.
ADVERSARY_SECONDS ?= 600

# adversary [WINE...]
adversary = $(MAKE) --no-print-directory e2e-programs simulator RELEASE=7.1 ARCHES=x86_64 E2E_BUILDS=7.1/x86_64 && \
    ADVERSARY_SECONDS=$(ADVERSARY_SECONDS) E2E_BUILD='$(abspath $(BUILD))' E2E_BUILDS=7.1/x86_64 \
    tests/e2e/adversary.sh $(abspath $(BUILD))/tests/adversary.table $(1)

.PHONY: adversary adversary-all test-adversary
## adversary: let two programs try for ten minutes to get a hidden pixel into a recording
adversary:
	$(call adversary)

## adversary-all: the same under each Wine, with each profile of the simulator that is about the list
adversary-all:
	export ADVERSARY_PROFILES=all; $(call adversary,8 10)

# A round of 20 seconds, always the same by chance, with another profile for each commit. Under Wine 10: under
# Wine 8, which does not tell of all itself, one round in some seventy had a window for a frame (see adversary.t).
test-adversary:
	@$(wine10_or_skip); \
	MAGNIFIER_WINE=10 ADVERSARY_SECONDS=20 ADVERSARY_SEED=1 ADVERSARY_PROFILES=commit \
	    $(MAKE) --no-print-directory test-e2e RELEASE=7.1 ARCHES=x86_64 E2E_BUILDS=7.1/x86_64 E2E_TESTS=$(E2E_ALONE)

# For "make check": one check or more of what matters most.
CHECK_E2E  := exclude hostile cover pixels errors time example
CHECK_ONLY := left out by program\|owns, of the same thread\|without trouble\|canary is in the picture\|list is refused
CHECK_ONLY := $(CHECK_ONLY)\|over all of them is whole\|that is left out covers\|each pixel of\|pictures are black\|a region off
CHECK_ONLY := $(CHECK_ONLY)\|no Magnification.dll\|empty exclude\|still records\|what it is$$\|in one long call\|record.exe records

# e2e_short BUILDS, VARIABLES
e2e_short = E2E_ONLY='$(CHECK_ONLY)' $(MAKE) --no-print-directory test-e2e $(2) \
    E2E_BUILDS='$(1)' E2E_TESTS='$(CHECK_E2E:%=tests/e2e/%.t)'

.PHONY: check-e2e test-e2e-short
check-e2e:
	$(call e2e_short,7.1/x86_64,RELEASE=7.1 ARCHES=x86_64)

test-e2e-short:
	$(call e2e_short,$(filter-out $(E2E_WHOLE),$(TEST_BUILDS)))

# Where "make test" does not go.
## check-matrix: run the end-to-end tests of "make check" on the other builds of the eight
.PHONY: check-matrix test-matrix
check-matrix: deps
	$(call e2e_short,$(filter-out $(TEST_BUILDS),$(call e2e_builds,$(RELEASES))))

## test-matrix: run all end-to-end tests on all eight builds; an hour or more
test-matrix: deps
	$(MAKE) --no-print-directory test-e2e E2E_BUILDS='$(call e2e_builds,$(RELEASES))'

# Half an hour and more, after a change of a test or of the device; MUTANTS='a b' makes only these.
## mutants-e2e: break the device step by step, and check that the end-to-end tests fail
.PHONY: mutants-e2e
mutants-e2e: $(E2E_PROGRAMS) $(E2E_OUT)/7.1/x86_64/host.exe simulator $(BUILD)/7.1/x86_64/ffmpeg.exe
	tests/e2e/mutants.sh $(BUILD) 7.1/x86_64 $(MUTANTS)

TESTS_ALL += test-e2e test-e2e-short
