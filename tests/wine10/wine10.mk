# The tests that rest on the most of Windows once more, under a second Wine: 10.0, which
# tells of windows that are shown and hidden, as Windows does, and has another heap. All of
# the end-to-end tests with 64 bit, what is about the heap with 32 bit, too. "make test" runs
# what is about windows that show and hide, rooms, windows-room, soak and the kit; .ci/run the rest.

WINE10_BUILD := 7.1/x86_64
# Python is not in that tree, nor is it what is tried there.
WINE10_TESTS := $(filter-out tests/e2e/python.t tests/e2e/exclude_log.t,$(E2E_TESTS))
WINE10_HEAP  := 7.1/i686
WINE10_FILES := tests/e2e/blocks.t tests/e2e/host.t
WINE10_SOME  := $(patsubst %,tests/e2e/%.t,exclude hostile cover canary)

# wine10 TARGET AND VARIABLES
wine10 = MAGNIFIER_WINE=10 $(MAKE) --no-print-directory $(1) || failed="$$failed $(firstword $(1))"

# whether there is a Wine 10; else the recipe ends, with CI set as a failure
wine10_or_skip = if ! why=$$(build-aux/wine10.sh 2>&1); then \
	    echo "$$why"; echo "1..0 \# SKIP $$(echo "$$why" | tail -n 1)"; \
	    [ -z "$${CI-}" ] || { echo 'with CI set that is a failure' >&2; exit 1; }; \
	    exit 0; \
	fi

.PHONY: test-wine10 test-wine10-some test-wine10-rest test-wine10-kit wine10
## wine10: set up the Debian 13 tree from which "tests/desktop --wine 10" takes its Wine
wine10: deps
	build-aux/wine10.sh

wine10_end = test -z "$$failed" || { echo "under Wine 10:$$failed failed" >&2; exit 1; }

## test-wine10: run the end-to-end (all but two), magprobe, rooms, windows-room and soak tests under Wine 10
test-wine10:
	@failed=; \
	$(MAKE) --no-print-directory test-wine10-some || failed=yes; \
	$(MAKE) --no-print-directory test-wine10-rest || failed=yes; \
	test -z "$$failed"

test-wine10-some: simulator
	@$(wine10_or_skip); failed=; \
	$(call wine10,test-e2e E2E_BUILDS=$(WINE10_BUILD) E2E_TESTS='$(WINE10_SOME)'); \
	$(call wine10,test-rooms); $(call wine10,test-windows-room); $(call wine10,test-soak); \
	$(wine10_end)

## test-wine10-rest: run those of them that "make test" leaves out
test-wine10-rest: simulator magprobe $(BUILD)/$(WINE10_BUILD)/ffmpeg.exe
	@$(wine10_or_skip); failed=; \
	MAGNIFIER_WINE=10 E2E_BUILD='$(abspath $(BUILD))' prove --timer tests/wine10/wine10.t || failed=wine10.t; \
	$(call wine10,test-e2e E2E_BUILDS=$(WINE10_BUILD) E2E_TESTS='$(filter-out $(WINE10_SOME),$(WINE10_TESTS))'); \
	$(call wine10,test-e2e E2E_BUILDS=$(WINE10_HEAP) E2E_TESTS='$(WINE10_FILES)'); \
	$(call wine10,test-magprobe MAGPROBE_ALL=1); \
	$(wine10_end)

## test-wine10-kit: run the kit for Windows under Wine 10
test-wine10-kit: simulator windows-kit
	@$(wine10_or_skip); \
	MAGNIFIER_WINE=10 $(MAKE) --no-print-directory test-windows-kit

TESTS_ALL += test-wine10-some test-wine10-kit
