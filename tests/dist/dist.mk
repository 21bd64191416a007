# What people download: the manual as pages of its own, and a zip for each architecture.

DIST := $(BUILD)/dist

.PHONY: doc dist

## doc: build the manual as HTML, text and man page, in build/doc
doc: deps
	build-aux/doc.sh $(RELEASE) $(BUILD)/doc
	@ls $(BUILD)/doc

# All of FFmpeg's own, of what Windows brings, too, and the libraries of build-aux/dist-libraries; each
# named, so that it does not depend on what a machine has. Not the everyday build: half an hour for each
# architecture on two cores, the first time. libx264 makes all of it GPL: DIST_LIBRARIES= takes neither, and Debian's zlib.
DIST_LIBRARIES := --enable-gpl --enable-libx264 --enable-libopus
DIST_OPTIONS   := --disable-autodetect --enable-zlib --enable-schannel --enable-mediafoundation \
                  --enable-d3d11va --enable-dxva2 --disable-doc --disable-debug --disable-ffplay \
                  --disable-pthreads --enable-w32threads --extra-ldflags=-static \
                  $(if $(strip $(DIST_LIBRARIES)),--pkg-config=pkg-config --pkg-config-flags=--static $(DIST_LIBRARIES))
DIST_TREES     := $(BUILD)/dist-trees/$(RELEASE)
DIST_LIBS      := $(abspath $(BUILD))/dist-libs

define dist_tree
.PHONY: dist-tree-$(1)
dist-tree-$(1):
	+$$(call quiet,FFmpeg $(RELEASE) $(1) with all that it has,$(BUILD)/logs/dist-$(1),{ \
	    $$(if $$(findstring --enable-libx264,$$(DIST_OPTIONS)),build-aux/dist-libs.sh $(1) $(DIST_LIBS)/$(1) && \
	    { find $(DIST_TREES)/$(1)/.magnifier/configured ! -newer $(DIST_LIBS)/$(1)/made-by -delete 2>/dev/null || true; } &&) \
	    env -u PKG_CONFIG_PATH -u PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_LIBDIR=$(DIST_LIBS)/$(1)/lib/pkgconfig ./configure-wrapper.sh --if-needed $$(if $$(FFMPEG_SRC),--ffmpeg-src '$$(FFMPEG_SRC)') \
	        $$(if $$(OWN_TREE),,--release $(RELEASE)) --arch $(1) --dest $(DIST_TREES)/$(1) -- $$(DIST_OPTIONS) && \
	    { $$(for_ffmpeg); } && \
	    $$(MAKE) $$(JOBS_FLAG) --no-print-directory -C $(DIST_TREES)/$(1) -f $(ROOT)/build-aux/strict.mk; })
endef
$(foreach a,$(ARCHES),$(eval $(call dist_tree,$(a))))

.PHONY: dist-files test-dist-twice
dist-files: deps $(foreach a,$(ARCHES),dist-tree-$(a))
	@rm -rf $(DIST)
	$(foreach a,$(ARCHES),build-aux/dist.sh $(DIST_TREES)/$(a) $(a) $(RELEASE) $(DIST_LIBS)/$(a) $(DIST) &&) \
	    build-aux/dist.sh --source $(DIST_TREES)/$(firstword $(ARCHES)) $(DIST)
	cd $(DIST) && sha256sum *.zip *.tar > SHA256SUMS && cat SHA256SUMS

# Each is made a second time, and has to be the same.
## dist: make zips for Windows, 64 and 32 bit, and their source, in build/dist, and check what can be checked here
dist: dist-files
	@rm -rf $(DIST)-again
	$(foreach a,$(ARCHES),build-aux/dist.sh $(DIST_TREES)/$(a) $(a) $(RELEASE) $(DIST_LIBS)/$(a) $(DIST)-again &&) \
	    build-aux/dist.sh --source $(DIST_TREES)/$(firstword $(ARCHES)) $(DIST)-again
	cd $(DIST)-again && sha256sum -c $(abspath $(DIST))/SHA256SUMS
	@rm -rf $(DIST)-again
	DIST_ZIPS="$$(ls $(abspath $(DIST))/*.zip)" prove -e sh tests/dist/dist.t

# What is committed, in two clones whose paths differ in all and in length. DIST_OPTIONS and ARCHES for less than
# everything: DIST_OPTIONS='$(CONFIGS_BARE)' takes minutes, not hours.
## test-dist-twice: make dist in two clones at different paths, which has to give the same bytes; hours
test-dist-twice: deps
	rm -rf $(BUILD)/twice
	for clone in one another/place/two; do \
	    git clone -q . $(BUILD)/twice/$$clone && mkdir -p $(BUILD)/twice/$$clone/build && \
	    ln -s $(abspath $(BUILD))/cache $(BUILD)/twice/$$clone/build/cache && \
	    $(MAKE) --no-print-directory -C $(BUILD)/twice/$$clone dist-files RELEASE='$(RELEASE)' ARCHES='$(ARCHES)' \
	        DIST_OPTIONS='$(DIST_OPTIONS)' || exit 1; done
	diff $(BUILD)/twice/one/build/dist/SHA256SUMS $(BUILD)/twice/another/place/two/build/dist/SHA256SUMS
	@echo 'the same bytes at both paths'
