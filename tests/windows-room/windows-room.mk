# Tests of the files that look at other programs' windows, with real windows of
# real programs on a desktop of their own, 64 and 32 bit.
#
#   make test-windows-room    looks, events, the list of windows, the file of rules, windows that mean ill
#   make bench-windows-room   what a look asks with 500 windows and 50 rules
#   make mutants-windows-room   breaks the look and the filter of events, and sees the tests go red
#   make soak-windows-room    also waits until Windows uses a handle again, and has 20,000 windows; part of soak

WINROOM_ARCHES  := x86_64 i686
WINROOM_RELEASE := 7.1
WINROOM_BUILD   := $(BUILD)/tests/windows-room
WINROOM_TESTS   := windows events toplevel rulefile exclude_log hostile
# -Wno-unused-function: each program includes stranger.h and watch.h, and uses some of what they have.
WINROOM_CFLAGS  := -std=gnu11 -O2 -g -D__USE_MINGW_ANSI_STDIO=1 -D_WIN32_WINNT=0x0600 -I. -Itests/rooms -iquote libavdevice/magnifier \
                   -Wall -Wextra -Werror -Wundef -Wdeclaration-after-statement \
                   -Wno-unused-parameter -Wno-unused-function

# winroom_libs ARCH
winroom_libs    = $(foreach l,avdevice avutil,$(BUILD)/$(WINROOM_RELEASE)/$(1)/lib$(l)/lib$(l).a) -luser32 -lgdi32 -lbcrypt -static

define winroom_arch
$(WINROOM_BUILD)/$(1)/subject.exe: tests/windows-room/subject.c tests/rooms/wine.h tests/windows-room/windows-room.mk
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(WINROOM_CFLAGS) -o $$@ $$< -lcomctl32 -lgdi32 -static

# With the device's objects of the build, as they ship.
$$(WINROOM_BUILD)/$(1)/%.exe: tests/windows-room/%.c tests/rooms/imports.c $$(wildcard tests/windows-room/*.h tests/rooms/*.h) \
        tests/windows-room/windows-room.mk $$(BUILD)/$$(WINROOM_RELEASE)/$(1)/ffmpeg.exe
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(WINROOM_CFLAGS) -I$$(BUILD)/$$(WINROOM_RELEASE)/$(1) -o $$@ $$< tests/rooms/imports.c \
	    $$(call winroom_libs,$(1))
endef
$(foreach arch,$(WINROOM_ARCHES),$(eval $(call winroom_arch,$(arch))))

# The subject of the other architecture.
winroom_other = $(WINROOM_BUILD)/$(filter-out $(1),$(WINROOM_ARCHES))/subject.exe

# winroom_run ARCH,PROGRAM,ARGUMENTS. The programs write into the current folder.
winroom_run = ( run=$$(mktemp -d) && trap 'rm -rf "$$run"' EXIT && trap 'exit 130' INT TERM && \
    cp $(WINROOM_BUILD)/$(1)/subject.exe $(WINROOM_BUILD)/$(1)/$(2).exe "$$run" && \
    { [ ! -e $(winroom_other) ] || cp $(winroom_other) "$$run/other-arch.exe"; } && cd "$$run" && \
    timeout --foreground -k 60 600 $(ROOT)/tests/desktop --no-simulator -- wine $(2).exe $(3) )

WINROOM_PROGRAMS := $(foreach arch,$(WINROOM_ARCHES),$(foreach program,subject $(WINROOM_TESTS:%=test_%),\
                    $(WINROOM_BUILD)/$(arch)/$(program).exe))
TEST_PROGRAMS    += $(WINROOM_PROGRAMS)

.PHONY: mutants-windows-room test-windows-room bench-windows-room soak-windows-room
test-windows-room: $(WINROOM_PROGRAMS)
	@failed=; \
	$(foreach arch,$(WINROOM_ARCHES),$(foreach test,$(WINROOM_TESTS),\
	    echo '# $(arch), $(test)'; $(call winroom_run,$(arch),test_$(test),subject.exe) || failed="$$failed $(test)-$(arch)";)) \
	test -z "$$failed" || { echo "tests/windows-room:$$failed failed" >&2; exit 1; }

mutants-windows-room: $(WINROOM_BUILD)/x86_64/subject.exe $(BUILD)/$(WINROOM_RELEASE)/x86_64/ffmpeg.exe
	ONLY='$(MUTANTS)' tests/windows-room/mutants.sh $(WINROOM_BUILD)/mutants $< \
	    x86_64-w64-mingw32-gcc $(WINROOM_CFLAGS) -w -I$(BUILD)/$(WINROOM_RELEASE)/x86_64 -o @O@ @T@ tests/rooms/imports.c @C@ \
	    $(call winroom_libs,x86_64)

soak-windows-room: $(foreach program,subject test_toplevel test_hostile,$(WINROOM_BUILD)/x86_64/$(program).exe)
	$(call winroom_run,x86_64,test_toplevel,subject.exe slow)
	$(call winroom_run,x86_64,test_hostile,subject.exe slow)

soak: soak-windows-room

# Over the number of windows; MAGNIFIER_WINE=10 for the other Wine.
BENCH_WINDOWS ?= 10 100 500 2000
bench-windows-room: $(foreach arch,$(WINROOM_ARCHES),$(foreach program,subject bench_windows,$(WINROOM_BUILD)/$(arch)/$(program).exe))
	@mkdir -p $(BUILD)/bench
	@{ $(foreach arch,$(WINROOM_ARCHES),echo '# $(arch)'; $(foreach nb,$(BENCH_WINDOWS),\
	    $(call winroom_run,$(arch),bench_windows,subject.exe $(nb)) &&)) true; } | tee $(BUILD)/bench/windows.txt

TESTS_ALL += test-windows-room
