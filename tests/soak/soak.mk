# Memory over many captures in one process: a host of libavdevice for both
# architectures, of which the 32-bit one has no large-address flag, and the soak. And
# over one capture that takes long.

SOAK_SHARED  := tests/soak/holdings.c tests/rooms/imports.c
SOAK_HEADERS := tests/soak/holdings.h tests/rooms/imports.h
SOAK_LIBS    := avdevice avfilter avformat avcodec swresample swscale avutil
# NtCurrentTeb(), from which holdings.c gets at the table of GDI's handles, reads at address 0 of a
# segment, which mingw-w64 writes as an array without elements.
SOAK_CFLAGS  := -std=gnu11 -O2 -g -Wall -Wextra -Wundef -Wno-array-bounds -Werror \
                -D__USE_MINGW_ANSI_STDIO=1 -DWINVER=0x0600 -D_WIN32_WINNT=0x0600

# soak_program ARCH,PROGRAM
define soak_program
$(BUILD)/tests/$(1)/$(2).exe: tests/soak/$(2).c $(SOAK_SHARED) $(SOAK_HEADERS) tests/soak/soak.mk \
                              $(BUILD)/$(RELEASE)/$(1)/ffmpeg.exe
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(SOAK_CFLAGS) -I. -I$(BUILD)/$(RELEASE)/$(1) -o $$@ tests/soak/$(2).c $(SOAK_SHARED) \
	    $$(foreach l,$$(SOAK_LIBS),$(BUILD)/$(RELEASE)/$(1)/lib$$(l)/lib$$(l).a) \
	    $$$$(sed -n 's/^EXTRALIBS-av[a-z]*=//p' $(BUILD)/$(RELEASE)/$(1)/ffbuild/config.mak) -static

SOAK_HOSTS += $(BUILD)/tests/$(1)/$(2).exe
endef
$(foreach a,$(ARCHES),$(foreach p,cycles long,$(eval $(call soak_program,$(a),$(p)))))

.PHONY: soak soak-captures test-soak soak-programs
soak-programs: $(SOAK_HOSTS)

TEST_PROGRAMS += soak-programs

# tests/e2e/blocks.t
test-e2e: soak-programs

test-soak: simulator soak-programs
	E2E_BUILD='$(abspath $(BUILD))' prove --timer tests/soak/soak.t

## soak-captures: make 10,000 captures in one 32-bit process; about an hour; part of soak
soak-captures: simulator soak-programs
	E2E_BUILD='$(abspath $(BUILD))' SOAK_CYCLES=10000 prove --verbose tests/soak/soak.t

## soak-many: run four captures at once in one process, for ten minutes; part of soak
.PHONY: soak-many
soak-many: e2e-programs simulator
	MANY_SECONDS=600 E2E_ONLY='four captures' E2E_BUILD='$(abspath $(BUILD))' E2E_BUILDS='$(E2E_BUILDS)' \
	    prove --verbose tests/e2e/monitors.t

# One capture for three minutes, or as long as it takes; what it held is in build/soak.
SECONDS ?= 3600
test-long: LONG_SECONDS := 180
## soak-hour: one capture of 30 pictures a second for an hour, or for SECONDS; part of soak
soak-hour: LONG_SECONDS  = $(SECONDS)

.PHONY: test-long soak-hour
test-long soak-hour: simulator soak-programs $(BUILD)/tests/frames $(BUILD)/tests/x86_64/scene.exe
	E2E_BUILD='$(abspath $(BUILD))' LONG_SECONDS='$(LONG_SECONDS)' prove --timer --verbose tests/soak/long.t

soak: soak-captures soak-many soak-hour

TESTS_ALL += test-soak test-long
