# The device's calls made to fail, one after the other: a host of libavdevice that is linked
# with the objects of a build, whose imports objcopy has given other names.

# -Wno-array-bounds: holdings.c, see soak.mk
FAULTS_CFLAGS  := -std=gnu11 -O2 -g -Wall -Wextra -Wundef -Wno-array-bounds -Werror \
                  -D__USE_MINGW_ANSI_STDIO=1 -DWINVER=0x0600 -D_WIN32_WINNT=0x0600
FAULTS_SOURCES := tests/faults/faults.c tests/soak/holdings.c tests/rooms/imports.c
FAULTS_DEVICE  := $(patsubst %.c,%.o,$(sort $(wildcard libavdevice/magnifier/*.c)))

define faults_arch
$(BUILD)/tests/$(1)/faults.exe: $(FAULTS_SOURCES) tests/faults/calls tests/faults/generate.sh tests/faults/faults.rc tests/faults/faults.manifest \
                                tests/faults/faults.mk \
                                tests/soak/holdings.h tests/rooms/imports.h $(BUILD)/7.1/$(1)/ffmpeg.exe
	@rm -rf $(BUILD)/tests/faults/$(1) && mkdir -p $(BUILD)/tests/faults/$(1) $$(@D)
	tests/faults/generate.sh $(1) tests/faults/calls $(BUILD)/tests/faults/$(1) $$(FAULTS_DEVICE:%=$(BUILD)/7.1/$(1)/%)
	for object in $$(FAULTS_DEVICE:%=$(BUILD)/7.1/$(1)/%); do \
	    $(1)-w64-mingw32-objcopy --redefine-syms=$(BUILD)/tests/faults/$(1)/symbols $$$$object \
	        $(BUILD)/tests/faults/$(1)/$$$${object##*/} || exit 1; done
	$(1)-w64-mingw32-windres tests/faults/faults.rc $(BUILD)/tests/faults/$(1)/faults.res.o
	$(1)-w64-mingw32-gcc $$(FAULTS_CFLAGS) -I. -I$(BUILD)/tests/faults/$(1) -I$(BUILD)/7.1/$(1) -o $$@ $(FAULTS_SOURCES) \
	    $(BUILD)/tests/faults/$(1)/*.o $$(foreach l,$$(SOAK_LIBS),$(BUILD)/7.1/$(1)/lib$$(l)/lib$$(l).a) \
	    $$$$(sed -n 's/^EXTRALIBS-av[a-z]*=//p' $(BUILD)/7.1/$(1)/ffbuild/config.mak) -static

FAULTS_HOSTS += $(BUILD)/tests/$(1)/faults.exe
endef
$(foreach a,$(ARCHES),$(eval $(call faults_arch,$(a))))

.PHONY: faults-programs test-faults test-faults-some coverage-calls
faults-programs: $(FAULTS_HOSTS)

TEST_PROGRAMS += faults-programs

FAULTS_RUN   := E2E_BUILD='$(abspath $(BUILD))' prove --timer -j2
FAULTS_TESTS := tests/faults/faults.t tests/faults/matrix.t
FAULTS_NEEDS := simulator faults-programs $(BUILD)/tests/x86_64/scene.exe
# Of those architectures that "make test" has a 7.1 of.
FAULTS_SOME  := $(patsubst 7.1/%,%,$(filter 7.1/%,$(TEST_BUILDS)))

## test-faults: make each call of the device fail, run each profile of the simulator, and 40 pairs of them; half an hour
test-faults: $(FAULTS_NEEDS)
	@$(MAKE) --no-print-directory -j$(words $(ARCHES)) PARALLEL=yes $(ARCHES:%=test-faults-%)

# Both architectures at once, each on two desktops: they mostly wait for the next packet.
.PHONY: $(ARCHES:%=test-faults-%)
$(ARCHES:%=test-faults-%): test-faults-%: $(FAULTS_NEEDS)
	FAULTS=each FAULTS_ARCHES='$*' MATRIX_ARCHES='$*' MATRIX_PAIRS=40 $(FAULTS_RUN) $(FAULTS_TESTS)

# What "make test" has of it: a part, another one with each commit, and the same few pairs each time. FAULTS_SHARE=N/M
# or MATRIX_SHARE=N/M is for one that was red.
test-faults-some: $(FAULTS_NEEDS)
	FAULTS=some FAULTS_ARCHES='$(FAULTS_SOME)' FAULTS_SHARE=$${FAULTS_SHARE:-$$(tests/faults/share.sh 4)} \
	    MATRIX_ARCHES='$(FAULTS_SOME)' MATRIX_SHARE=$${MATRIX_SHARE:-$$(tests/faults/share.sh 23)} MATRIX_PAIRS=4 \
	    $(FAULTS_RUN) $(FAULTS_TESTS)

## soak-pairs: run pairs of simulator faults, each day another one of 32 parts of all (MATRIX_SLICE=N/M); part of soak
.PHONY: soak-pairs
soak-pairs: $(FAULTS_NEEDS)
	MATRIX_ARCHES='$(ARCHES)' MATRIX_ONLY=' + ' MATRIX_PAIRS=all \
	    MATRIX_SLICE=$${MATRIX_SLICE:-$$(($$(date +%s) / 86400))/32} $(FAULTS_RUN) tests/faults/matrix.t

soak: soak-pairs

TESTS_ALL += test-faults-some

coverage: coverage-calls

# Which calls the device makes, at how many call sites, and which of them test-faults lets fail.
coverage-calls: | $(ARCHES:%=$(BUILD)/7.1/%/ffmpeg.exe)
	@$(foreach a,$(ARCHES),echo '$(a):'; tests/faults/coverage.sh $(a) tests/faults/calls $(BUILD)/faults/calls-$(a) \
	    $(FAULTS_DEVICE:%=$(BUILD)/7.1/$(a)/%) || exit 1;)
