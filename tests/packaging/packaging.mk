# routes.t is a part of test-build; this one takes FFmpeg's configure three times.

## test-packaging: is the device on by default, in a tree that packaging/ put it into? A few minutes
.PHONY: test-packaging
test-packaging:
	@prove -e sh tests/packaging/routes.t tests/packaging/configured.sh
