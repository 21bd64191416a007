# FFmpeg configured as others do: with shared libraries, so that the device is in a DLL that a
# program loads and unloads, with nothing but the device and what carries its frames, and by clang.

CONFIGS_BUILD   := $(BUILD)/configs
CONFIGS_RELEASE ?= 7.1
CONFIGS_BARE    := --disable-everything --enable-protocol=file --enable-muxer=rawvideo \
                   --enable-encoder=rawvideo --enable-decoder=rawvideo --enable-filter=scale
# with what examples/record.c writes, and what reads it
CONFIGS_shared  := --enable-shared --disable-static --disable-autodetect --disable-doc --disable-debug \
                   --extra-ldflags=-static-libgcc $(CONFIGS_BARE) --enable-muxer=matroska --enable-encoder=ffv1 \
                   --enable-demuxer=matroska --enable-decoder=ffv1
CONFIGS_minimal := $(CONFIGS_BARE)

.PHONY: configs test-configs

# Incremental, as the everyday build is.
define config
.PHONY: config-$(1)
config-$(1):
	+$$(call quiet,FFmpeg $(CONFIGS_RELEASE) $(1),$(BUILD)/logs/config-$(1),{ \
	    ./configure-wrapper.sh --if-needed --release $(CONFIGS_RELEASE) --arch x86_64 \
	        --dest $(CONFIGS_BUILD)/$(1) -- $$(CONFIGS_$(1)) && \
	    { $$(for_ffmpeg); } && \
	    $$(MAKE) $$(JOBS_FLAG) --no-print-directory -C $(CONFIGS_BUILD)/$(1) -f $(ROOT)/build-aux/strict.mk; })
endef
$(foreach c,shared minimal,$(eval $(call config,$(c))))

configs: config-shared config-minimal
	@mkdir -p $(CONFIGS_BUILD)/bin
	cp $(CONFIGS_BUILD)/shared/lib*/*-[0-9]*.dll $(CONFIGS_BUILD)/bin/
	x86_64-w64-mingw32-gcc $(E2E_CFLAGS) -D_WIN32_WINNT=0x0600 -I$(CONFIGS_BUILD)/shared \
	    -o $(CONFIGS_BUILD)/loader.exe tests/configs/loader.c
	x86_64-w64-mingw32-gcc $(EXAMPLES_CFLAGS) -I$(CONFIGS_BUILD)/shared -o $(CONFIGS_BUILD)/record.exe examples/record.c \
	    -static-libgcc $(EXAMPLES_LIBS:%=-L$(CONFIGS_BUILD)/shared/lib%) $(EXAMPLES_LIBS:%=-l%)

## test-configs: test FFmpeg as a DLL, and with nothing but the device; not part of test
test-configs: deps simulator $(E2E_PROGRAMS) configs
	E2E_BUILD='$(abspath $(BUILD))' CONFIGS_BUILD='$(abspath $(CONFIGS_BUILD))' prove --timer tests/configs/configs.t

# clang with what Debian has of mingw-w64, headers, libraries, linker and libgcc, of which it finds all but
# the last; other programs of the tests stay GCC's.
CLANG_BUILDS := $(foreach a,$(ARCHES),$(CONFIGS_RELEASE)-clang/$(a))
CLANG        := $(if $(shell command -v ccache),ccache )clang

define clang_tree
$(BUILD)/$(CONFIGS_RELEASE)-clang/$(1)/ffmpeg.exe: FORCE
	+$$(call quiet,FFmpeg $(CONFIGS_RELEASE) $(1) by clang,$(BUILD)/logs/clang-$(1),{ \
	    ./configure-wrapper.sh --if-needed --small --release $(CONFIGS_RELEASE) --arch $(1) \
	        --dest $(BUILD)/$(CONFIGS_RELEASE)-clang/$(1) -- --cc='$(CLANG) --target=$(1)-w64-mingw32' \
	        --extra-ldflags=-L"$$$$(dirname "$$$$($(1)-w64-mingw32-gcc -print-libgcc-file-name)")" && \
	    { $$(for_ffmpeg); } && \
	    $$(MAKE) $$(JOBS_FLAG) --no-print-directory -C $(BUILD)/$(CONFIGS_RELEASE)-clang/$(1) \
	        -f $(ROOT)/build-aux/strict.mk; })
endef
$(foreach a,$(ARCHES),$(eval $(call clang_tree,$(a))))

## test-clang: build FFmpeg with clang, 64 and 32 bit, and run the end-to-end tests of "make check"; not part of test
.PHONY: test-clang
test-clang: deps
	$(call e2e_short,$(CLANG_BUILDS))
