# The experiment that showed the leak, run again: with and without reclaim, at
# two sizes, 32 bit without the large-address flag and 64 bit.

.PHONY: leak-report
## leak-report: measure the leak, with and without reclaim; writes doc/leak.md and doc/leak.png
leak-report: deps simulator soak-programs
	tests/bench/leak '$(abspath $(BUILD))'
