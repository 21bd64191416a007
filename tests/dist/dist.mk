# What people download: the manual as pages of its own, and a zip for each architecture.

DIST := $(BUILD)/dist

.PHONY: doc dist

## doc: build the manual as HTML, text and man page, in build/doc
doc: deps
	build-aux/doc.sh $(RELEASE) $(BUILD)/doc
	@ls $(BUILD)/doc

# All that FFmpeg has of its own and can be had without another library, of what Windows brings, too;
# each named, so that it does not depend on what a machine has. Not the everyday build: half an hour
# for each architecture on two cores, the first time.
DIST_OPTIONS := --disable-autodetect --enable-zlib --enable-schannel --enable-mediafoundation \
                --enable-d3d11va --enable-dxva2 --disable-doc --disable-debug --disable-ffplay \
                --disable-pthreads --enable-w32threads --extra-ldflags=-static
DIST_TREES   := $(BUILD)/dist-trees/$(RELEASE)

define dist_tree
.PHONY: dist-tree-$(1)
dist-tree-$(1):
	+$$(call quiet,FFmpeg $(RELEASE) $(1) with all that it has,$(BUILD)/logs/dist-$(1),{ \
	    ./configure-wrapper.sh --if-needed $$(if $$(FFMPEG_SRC),--ffmpeg-src '$$(FFMPEG_SRC)') \
	        $$(if $$(OWN_TREE),,--release $(RELEASE)) --arch $(1) --dest $(DIST_TREES)/$(1) -- $(DIST_OPTIONS) && \
	    { $$(for_ffmpeg); } && \
	    $$(MAKE) $$(JOBS_FLAG) --no-print-directory -C $(DIST_TREES)/$(1) -f $(ROOT)/build-aux/strict.mk; })
endef
$(foreach a,$(ARCHES),$(eval $(call dist_tree,$(a))))

# Each is made twice, and has to be the same.
## dist: make zips for Windows, 64 and 32 bit, in build/dist, and check what can be checked here
dist: deps $(foreach a,$(ARCHES),dist-tree-$(a))
	@rm -rf $(DIST) $(DIST)-again
	$(foreach d,$(DIST) $(DIST)-again,$(foreach a,$(ARCHES),build-aux/dist.sh $(DIST_TREES)/$(a) $(a) $(RELEASE) $(d) &&)) :
	cd $(DIST) && sha256sum *.zip > SHA256SUMS && cat SHA256SUMS
	cd $(DIST)-again && sha256sum -c $(abspath $(DIST))/SHA256SUMS
	@rm -rf $(DIST)-again
	DIST_ZIPS="$$(ls $(abspath $(DIST))/*.zip)" prove -e sh tests/dist/dist.t
