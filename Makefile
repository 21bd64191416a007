# The one door to this project; "make help" lists what there is.
#
# FFmpeg is built in build/RELEASE/ARCH, a copy of its source with the device
# in it. Each folder of tests/ has a fragment of its own, tests/*/*.mk, that
# defines its targets and adds them to TESTS_ALL.

RELEASES := 5.1 7.1 8.1 9.0
ARCHES   := x86_64 i686

ROOT  := $(CURDIR)
BUILD := build
JOBS  ?= $(shell nproc 2>/dev/null || echo 2)
ARCH  ?= x86_64

# A tree of one's own: its release is what its RELEASE file says, or else its folder is "own".
FFMPEG_SRC ?=
ifneq ($(FFMPEG_SRC),)
# Without RELEASE the patch is the one that fits.
OWN_TREE := $(if $(filter undefined,$(origin RELEASE)),yes)
RELEASE ?= $(or $(shell sed -n 's/^\([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' '$(FFMPEG_SRC)/RELEASE' 2>/dev/null),own)
else
RELEASE ?= 7.1
endif

# What "make test" builds; the rest is for check-matrix.
TEST_BUILDS := 7.1/x86_64 7.1/i686 5.1/i686

TESTS_ALL     :=
TEST_PROGRAMS :=

# A file with Win32 in it, or with more of FFmpeg than libavutil, includes config.h first; the
# others must not, and are what the native tests are linked with.
NATIVE_ROOMS := $(shell grep -L '"config\.h"' libavdevice/magnifier/*.c)

# What stands in for Windows there.
NATIVE_STUBS := tests/unit/casefold.c

# The guard with all that it needs, for the tests that build it without the device.
GUARD_C := $(sort $(wildcard libavdevice/magnifier/guard*.c))
GUARD_H := $(sort $(wildcard libavdevice/magnifier/guard*.h)) libavdevice/magnifier/region.h

.DEFAULT_GOAL := build
.DELETE_ON_ERROR:
# What runs in parallel is FFmpeg's make, the building of the tests, and the tests.
ifndef PARALLEL
.NOTPARALLEL:
endif
.PHONY: build all-builds record pictures check test test-programs lint patches upstream-patch deps clean distclean help FORCE

include $(sort $(wildcard tests/*/*.mk)) $(wildcard examples/*.mk)

## build: build build/RELEASE/ARCH/ffmpeg.exe and ffprobe.exe, incrementally (the default)
build: $(BUILD)/$(RELEASE)/$(ARCH)/ffmpeg.exe

## all-builds: make the builds that "make test" uses: 7.1 (x86_64, i686) and 5.1 (i686)
all-builds: $(TEST_BUILDS:%=$(BUILD)/%/ffmpeg.exe)

JOBS_FLAG     = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(JOBS))

# quiet NAME,LOG,COMMAND: one line on the terminal and the rest in a log, unless
# V=1; a failure shows what went wrong.
ifeq ($(V),1)
quiet = $(3)
else
quiet = @echo '  $(1)'; mkdir -p $(dir $(2)); log=$(2).$$$$; $(3) >$$log 2>&1; code=$$?; \
    mv -f $$log $(2); [ $$code = 0 ] || { \
    grep -nE '(warning|error|Error|ERROR|configure-wrapper):' $(2) | head -n 40 >&2; \
    tail -n 15 $(2) >&2; echo '  $(1) failed; all of its output is in $(2)' >&2; exit 1; }
endif

# Variables of the command line go on to every make below, where they hide what a
# makefile sets: ARCH=i686 the list of objects for x86 in FFmpeg's. Its make gets the
# flags without them (what follows "--"), so it has the jobserver; V is in the environment.
for_ffmpeg = unset RELEASE ARCH BUILD JOBS FFMPEG_SRC MAKEOVERRIDES; export MAKEFLAGS="$${MAKEFLAGS%%-- *}"

# tree RELEASE,ARCH: bring the copy of FFmpeg up to date, then let FFmpeg's make
# see what that asks for; one at a time, whoever else runs make here.
define tree
$(BUILD)/$(1)/$(2)/ffmpeg.exe: FORCE
	+$$(call quiet,FFmpeg $(1) $(2),$(BUILD)/logs/$(1)-$(2),{ \
	    mkdir -p $(BUILD)/$(1) && exec 9>$(BUILD)/$(1)/$(2).lock && { flock 9 2>/dev/null || true; } && \
	    ./configure-wrapper.sh --if-needed $$(if $$(FFMPEG_SRC),--ffmpeg-src '$$(FFMPEG_SRC)') \
	        $$(if $$(OWN_TREE),,--release $(1)) --arch $(2) --dest $(BUILD)/$(1)/$(2) && \
	    { $$(for_ffmpeg); } && \
	    $$(MAKE) $$(JOBS_FLAG) --no-print-directory -C $(BUILD)/$(1)/$(2) -f $(ROOT)/build-aux/strict.mk; })
endef
$(foreach r,$(sort $(RELEASES) $(if $(FFMPEG_SRC),$(RELEASE))),$(foreach a,$(ARCHES),$(eval $(call tree,$(r),$(a)))))
FORCE:

# A release without a patch has no rule above; the wrapper says what there is.
$(BUILD)/%/ffmpeg.exe: FORCE
	@./configure-wrapper.sh $(if $(FFMPEG_SRC),--ffmpeg-src '$(FFMPEG_SRC)',--release '$(RELEASE)') --arch '$(ARCH)'

# run_tests TARGETS: side by side
run_tests = +MAKE='$(MAKE)' build-aux/run-tests.sh $(BUILD)/logs $(1)

# What they share is built before, TEST_PROGRAMS. The longest first, and beside it what only
# computes.
TESTS_FIRST := test-e2e test-build test-fuzz test-model test-oracle test-unit test-magprobe \
               test-wine10-some test-windows-kit test-wine10-kit test-windows-room test-long

## check: run the everyday tests, the most telling ones, with 7.1, 64 bit; some minutes
check: deps $(BUILD)/7.1/x86_64/ffmpeg.exe
	$(call run_tests,check-e2e test-build test-unit-gcc check-oracle check-rooms)

## test: run what must pass before a merge, with 7.1 (64 and 32 bit) and 5.1 (32 bit)
test: deps
	@$(MAKE) --no-print-directory -j$(JOBS) PARALLEL=yes test-programs
	$(call run_tests,$(filter $(TESTS_ALL),$(TESTS_FIRST)) $(filter-out $(TESTS_FIRST),$(TESTS_ALL)))

test-programs: all-builds $(TEST_PROGRAMS)

## record: record five seconds of a desktop: recording.mkv and recording.png
record: deps build simulator
	RELEASE=$(RELEASE) ARCH=$(ARCH) tests/record

## pictures: record, and make the README's pictures in doc/
pictures: deps build simulator $(BUILD)/tests/x86_64/scene.exe
	RECORD_DOC=1 RELEASE=$(RELEASE) ARCH=$(ARCH) tests/record

## lint: check shell scripts, C sources, patches, licence headers, white space
lint: deps
	build-aux/lint.sh

## patches: rewrite patches/; needed after a change of doc/magnifier.texi
patches:
	build-aux/make-patches.sh

## upstream-patch: make the device's patches for FFmpeg's maintainers, in build/upstream; RELEASE= or FFMPEG_SRC=
upstream-patch: deps
	build-aux/upstream-patch.sh '$(if $(FFMPEG_SRC),$(FFMPEG_SRC),$(RELEASE))' $(BUILD)/upstream

## deps: install what the targets need (Debian; root or sudo)
deps:
	@build-aux/deps.sh

## clean: remove what was built, but keep build/cache (FFmpeg's tarballs, the tree for Wine 10)
clean:
	@if [ -d $(BUILD) ]; then \
	    find $(BUILD) -mindepth 1 -maxdepth 1 ! -name cache -exec rm -rf {} +; \
	fi

## distclean: remove all of build/
distclean:
	MAGNIFIER_WINE10='$(abspath $(BUILD))/cache/wine10' build-aux/wine10.sh remove
	rm -rf --one-file-system $(BUILD)

## help: print this list
help:
	@echo 'Targets:'
	@sed -n 's/^## \([a-z0-9-]*\): \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | \
	    awk -F'|' '{ printf "  %-12s %s\n", $$1, $$2 }'
	@echo 'Parts of "make test" that you can run alone ("make TARGET"):'
	@echo '  $(TESTS_ALL)' | fold -s -w 76 | sed '2,$$s/^/  /'
	@echo 'Variables:'
	@echo '  RELEASE=     $(RELEASES) (now $(RELEASE))'
	@echo '  ARCH=        $(ARCHES) (now $(ARCH))'
	@echo '  FFMPEG_SRC=  an FFmpeg source tree to use instead of a fetched one'
	@echo '  JOBS=        number of compilers at once (now $(JOBS))'
	@echo '  V=1          show the output of configure and make'
