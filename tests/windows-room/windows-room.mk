# Tests of the files that look at other programs' windows, with real windows of
# real programs on a desktop of their own, 64 and 32 bit.
#
#   make test-windows-room    looks, events, the list of windows, and the file of rules
#   make bench-windows-room   what a look asks with 500 windows and 50 rules
#   make soak-windows-room    also waits until Windows uses a handle again

WINROOM_ARCHES  := x86_64 i686
WINROOM_RELEASE := 7.1
WINROOM_BUILD   := $(BUILD)/tests/windows-room
WINROOM_ROOMS   := toplevel process events window window_match window_events window_report utf16 rulefile casefold log
WINROOM_TESTS   := windows events toplevel rulefile
WINROOM_SOURCES := tests/rooms/imports.c $(WINROOM_ROOMS:%=libavdevice/magnifier/%.c) $(NATIVE_ROOMS)
WINROOM_CFLAGS  := -std=gnu11 -O2 -g -D__USE_MINGW_ANSI_STDIO=1 -D_WIN32_WINNT=0x0600 -I. -Itests/rooms -iquote libavdevice/magnifier \
                   -Wall -Wextra -Werror -Wundef -Wdeclaration-after-statement \
                   -Wno-unused-parameter -Wno-unused-function

define winroom_arch
$(WINROOM_BUILD)/$(1)/subject.exe: tests/windows-room/subject.c tests/windows-room/windows-room.mk
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(WINROOM_CFLAGS) -o $$@ $$< -lcomctl32 -lgdi32 -static

# The build tree is made if it is not there, and taken as it is if it is.
$$(WINROOM_BUILD)/$(1)/%.exe: tests/windows-room/%.c $$(WINROOM_SOURCES) \
        $$(wildcard tests/windows-room/*.h tests/rooms/imports.h libavdevice/magnifier/*.h) \
        tests/windows-room/windows-room.mk | $$(BUILD)/$$(WINROOM_RELEASE)/$(1)/ffmpeg.exe
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(WINROOM_CFLAGS) -I$$(BUILD)/$$(WINROOM_RELEASE)/$(1) -o $$@ $$< $$(WINROOM_SOURCES) \
	    $$(BUILD)/$$(WINROOM_RELEASE)/$(1)/libavutil/libavutil.a -luser32 -lgdi32 -lbcrypt -static
endef
$(foreach arch,$(WINROOM_ARCHES),$(eval $(call winroom_arch,$(arch))))

# winroom_run ARCH,PROGRAM,ARGUMENTS. The programs write into the current folder.
winroom_run = ( cd $(WINROOM_BUILD)/$(1) && \
    timeout 600 $(ROOT)/tests/desktop --no-simulator -- wine $(2).exe $(3) )

.PHONY: test-windows-room bench-windows-room soak-windows-room
test-windows-room: $(foreach arch,$(WINROOM_ARCHES),$(foreach program,subject $(WINROOM_TESTS:%=test_%),$(WINROOM_BUILD)/$(arch)/$(program).exe))
	@failed=; \
	$(foreach arch,$(WINROOM_ARCHES),$(foreach test,$(WINROOM_TESTS),\
	    echo '# $(arch), $(test)'; $(call winroom_run,$(arch),test_$(test),subject.exe) || failed="$$failed $(test)-$(arch)";)) \
	test -z "$$failed" || { echo "tests/windows-room:$$failed failed" >&2; exit 1; }

soak-windows-room: $(foreach program,subject test_toplevel,$(WINROOM_BUILD)/x86_64/$(program).exe)
	$(call winroom_run,x86_64,test_toplevel,subject.exe slow)

bench-windows-room: $(foreach arch,$(WINROOM_ARCHES),$(foreach program,subject bench_windows,$(WINROOM_BUILD)/$(arch)/$(program).exe))
	@$(foreach arch,$(WINROOM_ARCHES),echo '# $(arch)'; $(call winroom_run,$(arch),bench_windows,subject.exe) &&) true

TESTS_ALL += test-windows-room
