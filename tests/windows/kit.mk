# A kit for people who have Windows: programs, verify.cmd, and one report to send
# back. test-windows-kit runs the whole of it on the stand-in, and parts of it where
# something is not well.

WINDOWS_COMMON := tests/windows/common

KIT_DIR     := tests/windows/kit
KIT_NAME    := magnifier-windows-kit
KIT_BUILD   := $(BUILD)/windows-kit
KIT_ZIP     := $(KIT_BUILD)/$(KIT_NAME).zip
KIT_VERSION  = $(shell git describe --always --dirty 2>/dev/null || echo unknown)
KIT_SOURCES := $(sort $(wildcard $(KIT_DIR)/*.c) $(wildcard $(WINDOWS_COMMON)/*.c))
KIT_CFLAGS  := -std=gnu11 -O2 -g -D__USE_MINGW_ANSI_STDIO=1 -DWINVER=0x0601 -D_WIN32_WINNT=0x0601 \
               -Wall -Wextra -Wundef -Wdeclaration-after-statement -Werror

# A file that changes when what it says does.
$(KIT_BUILD)/version: FORCE
	@mkdir -p $(@D)
	@echo '$(KIT_VERSION), FFmpeg $(RELEASE)' | cmp -s - $@ || echo '$(KIT_VERSION), FFmpeg $(RELEASE)' > $@

define kit_arch
$(BUILD)/tests/windows/$(1)/verify.exe: $(KIT_SOURCES) $(KIT_DIR)/verify.h $(wildcard $(WINDOWS_COMMON)/*.h) tests/windows/kit.mk $(KIT_BUILD)/version
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(KIT_CFLAGS) -DKIT_VERSION='"$$(shell cat $(KIT_BUILD)/version)"' \
	    -o $$@ $(KIT_SOURCES) -lgdi32 -luser32 -lshell32 -ladvapi32 -static

KIT_PROGRAMS += $(BUILD)/$(RELEASE)/$(1)/ffmpeg.exe $(BUILD)/tests/windows/$(1)/magprobe.exe \
                $(BUILD)/tests/windows/$(1)/verify.exe $(BUILD)/tests/$(1)/cycles.exe
endef
$(foreach a,$(ARCHES),$(eval $(call kit_arch,$(a))))

# What is read with Windows' own programs has its line ends.
dos = sed 's/$$/\r/' $(1) > $(2)

$(KIT_ZIP): $(KIT_PROGRAMS) $(KIT_DIR)/verify.cmd $(KIT_DIR)/read-me.txt tests/windows/kit.mk
	@echo '  $@'
	@rm -rf $(KIT_BUILD)/$(KIT_NAME) $@
	@mkdir -p $(ARCHES:%=$(KIT_BUILD)/$(KIT_NAME)/%)
	@$(call dos,$(KIT_DIR)/verify.cmd,$(KIT_BUILD)/$(KIT_NAME)/verify.cmd)
	@$(call dos,$(KIT_DIR)/read-me.txt,$(KIT_BUILD)/$(KIT_NAME)/read-me.txt)
	@$(call dos,$(KIT_BUILD)/version,$(KIT_BUILD)/$(KIT_NAME)/version.txt)
	@$(call dos,COPYING.LGPLv2.1,$(KIT_BUILD)/$(KIT_NAME)/COPYING.LGPLv2.1)
	@$(foreach a,$(ARCHES),for program in $(BUILD)/$(RELEASE)/$(a)/ffmpeg.exe \
	    $(BUILD)/$(RELEASE)/$(a)/ffprobe.exe $(BUILD)/tests/windows/$(a)/magprobe.exe \
	    $(BUILD)/tests/windows/$(a)/verify.exe $(BUILD)/tests/$(a)/cycles.exe; do \
	        $(a)-w64-mingw32-strip -o $(KIT_BUILD)/$(KIT_NAME)/$(a)/$${program##*/} $$program || exit 1; \
	    done; ) :
	@cd $(KIT_BUILD) && rm -f part.zip && zip -q -9 -X -r part.zip $(KIT_NAME) && mv -f part.zip $(KIT_NAME).zip

## windows-kit: make build/windows-kit/magnifier-windows-kit.zip, to run on Windows
windows-kit: $(KIT_ZIP)

# In the place of a program that is not well.
KIT_PRETEND := $(BUILD)/tests/windows/x86_64/pretend.exe
$(KIT_PRETEND): $(wildcard tests/windows/pretend/*.c $(WINDOWS_COMMON)/*.[ch]) tests/windows/kit.mk
	@mkdir -p $(@D)
	x86_64-w64-mingw32-gcc $(KIT_CFLAGS) -o $@ $(filter %.c,$^) -lshell32 -static

# Two desktops side by side, as the kit waits more than it computes.
test-windows-kit: simulator windows-kit $(KIT_PRETEND)
	E2E_BUILD='$(abspath $(BUILD))' prove --timer -j 2 tests/windows/kit.t tests/windows/kit-faults.t
.PHONY: windows-kit test-windows-kit

TEST_PROGRAMS += windows-kit $(KIT_PRETEND)
TESTS_ALL     += test-windows-kit
