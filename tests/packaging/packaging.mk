# routes.t is a part of test-build; this one takes FFmpeg's configure three times.

## test-packaging: check that the device is on by default in trees that packaging/ has patched; a few minutes
.PHONY: test-packaging
test-packaging: deps
	@prove -e sh tests/packaging/routes.t tests/packaging/configured.sh
