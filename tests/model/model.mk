# The guard's protocol, checked without chance.
#
#   make test-model     every interleaving of the guard that ships with a small desktop,
#                       up to a bound (interleave.c); the protocol as a model without a
#                       bound in time, for spin (guard.pml); and for both, that they find
#                       what is wrong with a guard without one of its steps
#   make soak-model     interleave.c with one more thing that happens

MODEL_DIR    := $(BUILD)/tests/model
MODEL_CFLAGS := -O2 -std=c11 -D_GNU_SOURCE -g -I. -Wall -Wextra -Werror -Wundef \
                -Wmissing-prototypes -Wdeclaration-after-statement -Wno-unused-parameter
# NAME=N: the search to begin with, by its number, which is the one that finds it
MODEL_LESS   := no_held_frame=1 no_events=1 no_late_events=1 no_serial=2 no_canary=5 no_earlier_list=6

.PHONY: test-model soak-model soak

$(MODEL_DIR)/interleave.o: tests/model/interleave.c $(GUARD_H) tests/model/model.mk
	@mkdir -p $(@D)
	gcc $(MODEL_CFLAGS) -c -o $@ $<

# The guard runs for 90 million slots here: its files are optimised as one (-flto).
$(MODEL_DIR)/interleave: $(MODEL_DIR)/interleave.o $(GUARD_C) $(GUARD_H)
	gcc $(MODEL_CFLAGS) -flto -o $@ $< $(GUARD_C) -lavutil

test-model: $(MODEL_DIR)/interleave
	$(MODEL_DIR)/interleave
	ONLY='$(MODEL_LESS)' tests/oracle/mutants.sh '$(GUARD_C)' tests/oracle/mutants $(MODEL_DIR)/mutants \
	    gcc -O2 -flto -std=c11 -w -I. -iquote libavdevice/magnifier -o @O@ @C@ $(MODEL_DIR)/interleave.o -lavutil
	tests/model/spin.sh tests/model/guard.pml $(MODEL_DIR)/spin

soak-model: $(MODEL_DIR)/interleave
	$(MODEL_DIR)/interleave --more 1

soak: soak-model

TESTS_ALL += test-model
