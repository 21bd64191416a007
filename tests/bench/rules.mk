# What the rules cost with globs and titles that are made to be slow.

RULES_BENCH := $(BUILD)/tests/bench/rules

.PHONY: bench-rules bench

$(RULES_BENCH): tests/bench/rules.c $(NATIVE_ROOMS) $(NATIVE_STUBS) $(wildcard libavdevice/magnifier/*.h tests/unit/*.h)
	@mkdir -p $(@D)
	gcc -O2 -std=c11 -D_GNU_SOURCE -I. -Wall -Wextra -Werror -Wno-unused-parameter \
	    -o $@ tests/bench/rules.c $(NATIVE_ROOMS) $(NATIVE_STUBS) -lavutil

bench-rules: $(RULES_BENCH)
	$(RULES_BENCH)

bench: bench-rules
