# Tests of the files that talk to Windows without the Magnification API: what
# the monitors are, what the pointer looks like. A program per file, linked with
# the file itself and libavutil of FFmpeg's build tree, 64 and 32 bit, on a
# desktop of its own.

ROOMS_TESTS   := cursor display
ROOMS_ARCHES  := x86_64 i686
ROOMS_RELEASE := 7.1
ROOMS_BUILD   := $(BUILD)/tests/rooms
ROOMS_SOURCES := tests/rooms/imports.c $(foreach room,region blend display cursor log,libavdevice/magnifier/$(room).c)
ROOMS_CFLAGS  := -std=c11 -O2 -g -D_ISOC11_SOURCE -D__USE_MINGW_ANSI_STDIO=1 -D_WIN32_WINNT=0x0600 \
                 -I. -iquote libavdevice/magnifier -Itests/rooms -Wall -Wextra -Werror -Wundef -Wmissing-prototypes \
                 -Wdeclaration-after-statement -Wno-unused-parameter

define rooms_arch
# The build tree is made if it is not there, and taken as it is if it is.
$$(ROOMS_TESTS:%=$$(ROOMS_BUILD)/$(1)/test_%.exe): $$(ROOMS_BUILD)/$(1)/test_%.exe: tests/rooms/test_%.c $$(ROOMS_SOURCES) \
        $$(wildcard tests/rooms/*.h libavdevice/magnifier/*.h) tests/rooms/rooms.mk | $$(BUILD)/$$(ROOMS_RELEASE)/$(1)/ffmpeg.exe
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(ROOMS_CFLAGS) -I$$(BUILD)/$$(ROOMS_RELEASE)/$(1) -o $$@ $$< $$(ROOMS_SOURCES) \
	    $$(BUILD)/$$(ROOMS_RELEASE)/$(1)/libavutil/libavutil.a -lgdi32 -luser32 -lbcrypt -static-libgcc
endef
$(foreach arch,$(ROOMS_ARCHES),$(eval $(call rooms_arch,$(arch))))

# rooms_run ARCH,TEST,DESKTOP'S OPTIONS
rooms_run = timeout 300 tests/desktop --no-simulator $(3) -- wine $(ROOMS_BUILD)/$(1)/test_$(2).exe

.PHONY: test-rooms
test-rooms: $(foreach arch,$(ROOMS_ARCHES),$(ROOMS_TESTS:%=$(ROOMS_BUILD)/$(arch)/test_%.exe))
	@failed=; \
	$(foreach arch,$(ROOMS_ARCHES),\
	    echo '# $(arch), one monitor';  $(call rooms_run,$(arch),cursor,)              || failed="$$failed cursor-$(arch)"; \
	    echo '# $(arch), two monitors'; $(call rooms_run,$(arch),display,--monitors 2) || failed="$$failed display-$(arch)";) \
	test -z "$$failed" || { echo "tests/rooms:$$failed failed" >&2; exit 1; }

.PHONY: check-rooms
check-rooms:
	$(MAKE) --no-print-directory test-rooms ROOMS_ARCHES=x86_64

TESTS_ALL += test-rooms
