# What the part of the exclusion without Win32 costs: the guard's own time in a slot.

GUARD_BENCH := $(BUILD)/tests/bench/guard

.PHONY: bench-guard bench

$(GUARD_BENCH): tests/bench/guard.c $(GUARD_C) $(GUARD_H)
	@mkdir -p $(@D)
	gcc -O2 -std=c11 -D_GNU_SOURCE -I. -Wall -Wextra -Werror -Wno-unused-parameter \
	    -o $@ tests/bench/guard.c $(GUARD_C) -lavutil

bench-guard: $(GUARD_BENCH)
	$(GUARD_BENCH)

bench: bench-guard
