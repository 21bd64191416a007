# Programs to copy from; tests/e2e/example.t runs them, and tests/configs/configs.t one that is linked
# with DLLs.

EXAMPLES_OUT  := $(BUILD)/examples
EXAMPLES_LIBS := avdevice avfilter avformat avcodec swresample swscale avutil
# As another's program would be built: with FFmpeg's public headers only, and warnings.
EXAMPLES_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Werror -Wno-unused-parameter

define example
$(EXAMPLES_OUT)/$(1)/record.exe: examples/record.c examples/examples.mk $(BUILD)/$(1)/ffmpeg.exe
	@mkdir -p $$(@D)
	$(notdir $(1))-w64-mingw32-gcc $(EXAMPLES_CFLAGS) -I$(BUILD)/$(1) -o $$@ $$< -static -Wl,--start-group \
	    $$$$(for l in $(EXAMPLES_LIBS); do ls $(BUILD)/$(1)/lib$$$$l/lib$$$$l.a 2>/dev/null; done) -Wl,--end-group \
	    $$$$(sed -n 's/^EXTRALIBS-[a-z]*=//p' $(BUILD)/$(1)/ffbuild/config.mak | \
	        tr ' ' '\n' | grep '^-[lL]' | sort -u)

EXAMPLES += $(EXAMPLES_OUT)/$(1)/record.exe
endef
EXAMPLES_BUILDS ?= $(E2E_BUILDS)
$(foreach b,$(EXAMPLES_BUILDS),$(eval $(call example,$(b))))

.PHONY: examples
## examples: example programs, built against 7.1/x86_64 and 5.1/i686
examples: $(EXAMPLES)

TEST_PROGRAMS += examples

# tests/e2e/example.t
test-e2e: $(foreach b,$(E2E_BUILDS),$(EXAMPLES_OUT)/$(b)/record.exe)
