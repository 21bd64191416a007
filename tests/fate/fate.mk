# The test that FFmpeg's maintainers get with the device. "make test" has it in tests/build/fate.t,
# with this machine's compiler alone.

## test-upstream: run upstream-patch, build each patch, and run FATE with them; some minutes
.PHONY: test-upstream
test-upstream: upstream-patch
	@tests/fate/upstream.sh '$(if $(FFMPEG_SRC),$(FFMPEG_SRC),$(RELEASE))' $(BUILD)/upstream
