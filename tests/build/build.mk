# Tests of configure-wrapper.sh and of what fetches FFmpeg, with a small tree
# that stands in for FFmpeg's and tools that only look like the real ones:
# a few seconds, and no network. Those of packaging/ unpack FFmpeg's tarballs.

.PHONY: test-build
test-build:
	@prove -e sh $(sort $(wildcard tests/build/*.t tests/packaging/*.t))

TESTS_ALL += test-build
