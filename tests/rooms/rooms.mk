# Tests of the files that talk to Windows without the Magnification API: what
# the monitors are, what the pointer looks like, what the screen shows, how a fault is
# left, what the heap says. A program per file, linked with libavdevice and libavutil of FFmpeg's
# build tree, 64 and 32 bit, on a desktop of its own.

ROOMS_TESTS   := cursor display fault heap screen
ROOMS_ARCHES  := x86_64 i686
ROOMS_RELEASE := 7.1
ROOMS_BUILD   := $(BUILD)/tests/rooms
ROOMS_CFLAGS  := -std=c11 -O2 -g -D_ISOC11_SOURCE -D__USE_MINGW_ANSI_STDIO=1 -D_WIN32_WINNT=0x0600 \
                 -I. -iquote libavdevice/magnifier -Itests/rooms -Wall -Wextra -Werror -Wundef -Wmissing-prototypes \
                 -Wdeclaration-after-statement -Wno-unused-parameter

define rooms_arch
# With the device's objects of the build, as they ship.
$$(ROOMS_TESTS:%=$$(ROOMS_BUILD)/$(1)/test_%.exe): $$(ROOMS_BUILD)/$(1)/test_%.exe: tests/rooms/test_%.c tests/rooms/imports.c \
        $$(wildcard tests/rooms/*.h) tests/rooms/rooms.mk $$(BUILD)/$$(ROOMS_RELEASE)/$(1)/ffmpeg.exe
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(ROOMS_CFLAGS) -I$$(BUILD)/$$(ROOMS_RELEASE)/$(1) -o $$@ $$< tests/rooms/imports.c \
	    $$(foreach l,avdevice avutil,$$(BUILD)/$$(ROOMS_RELEASE)/$(1)/lib$$(l)/lib$$(l).a) -lgdi32 -luser32 -lbcrypt -static-libgcc
endef
$(foreach arch,$(ROOMS_ARCHES),$(eval $(call rooms_arch,$(arch))))

# rooms_run ARCH,TEST,DESKTOP'S OPTIONS
rooms_run = timeout --foreground -k 60 300 tests/desktop --no-simulator $(3) -- wine $(ROOMS_BUILD)/$(1)/test_$(2).exe

ROOMS_PROGRAMS := $(foreach arch,$(ROOMS_ARCHES),$(ROOMS_TESTS:%=$(ROOMS_BUILD)/$(arch)/test_%.exe))
TEST_PROGRAMS  += $(ROOMS_PROGRAMS)

.PHONY: test-rooms
test-rooms: $(ROOMS_PROGRAMS)
	@failed=; \
	$(foreach arch,$(ROOMS_ARCHES),\
	    echo '# $(arch), one monitor';  $(call rooms_run,$(arch),cursor,)              || failed="$$failed cursor-$(arch)"; \
	    echo '# $(arch), the screen';   $(call rooms_run,$(arch),screen,)              || failed="$$failed screen-$(arch)"; \
	    echo '# $(arch), two monitors'; $(call rooms_run,$(arch),display,--monitors 2) || failed="$$failed display-$(arch)"; \
	    echo '# $(arch), faults';       $(call rooms_run,$(arch),fault,)               || failed="$$failed fault-$(arch)"; \
	    echo '# $(arch), the heap';     $(call rooms_run,$(arch),heap,)                || failed="$$failed heap-$(arch)";) \
	test -z "$$failed" || { echo "tests/rooms:$$failed failed" >&2; exit 1; }

.PHONY: check-rooms
check-rooms:
	$(MAKE) --no-print-directory test-rooms ROOMS_ARCHES=x86_64

TESTS_ALL += test-rooms
