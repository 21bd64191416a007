# What the part of the exclusion without Win32 costs: the guard's own time in a slot.

GUARD_BENCH := $(BUILD)/tests/bench/guard

.PHONY: bench-guard bench

$(GUARD_BENCH): tests/bench/guard.c libavdevice/magnifier_guard.c libavdevice/magnifier_guard.h
	@mkdir -p $(@D)
	gcc -O2 -std=c11 -D_GNU_SOURCE -I. -Wall -Wextra -Werror -Wno-unused-parameter \
	    -o $@ tests/bench/guard.c libavdevice/magnifier_guard.c -lavutil

bench-guard: $(GUARD_BENCH)
	$(GUARD_BENCH)

bench: bench-guard
