# The leak oracle: frames through the guard on a simulated desktop that means ill, each
# with the truth of what it shows. Zero may leak; and without any one of its steps
# (tests/oracle/mutants) the guard must leak, or the oracle would be blind.
#
#   make test-oracle    ORACLE_FRAMES of them, always the same, and the mutants
#   make soak-oracle    ORACLE_SOAK_FRAMES, from a seed that is new each time
#
# A leak prints its seed; build/tests/oracle/oracle -v -v --seed N tells its story, and with
# --script FILE that of what the fuzzer "events" has found.

ORACLE_FRAMES      ?= 1000000
ORACLE_SOAK_FRAMES ?= 100000000
ORACLE_SOAK_SEED   ?= $(shell date +%s)000

ORACLE_DIR    := $(BUILD)/tests/oracle
ORACLE_CFLAGS := -std=c11 -D_GNU_SOURCE -g -I. -Itests/oracle -Wall -Wextra -Werror -Wundef \
                 -Wmissing-prototypes -Wdeclaration-after-statement -Wno-unused-parameter
ORACLE_C      := tests/oracle/oracle.c tests/oracle/run.c tests/oracle/desktop.c
ORACLE_DEPS   := $(ORACLE_C) $(wildcard tests/oracle/*.h) $(GUARD_H) \
                 tests/oracle/oracle.mk

.PHONY: test-oracle soak-oracle soak

$(ORACLE_DIR)/oracle: $(ORACLE_DEPS) $(GUARD_C)
	@mkdir -p $(@D)
	gcc -O2 $(ORACLE_CFLAGS) -o $@ $(ORACLE_C) $(GUARD_C) -lavutil

$(ORACLE_DIR)/oracle-san: $(ORACLE_DEPS) $(GUARD_C)
	@mkdir -p $(@D)
	clang -O1 -fsanitize=address,undefined -fno-sanitize-recover=all $(ORACLE_CFLAGS) \
	    -o $@ $(ORACLE_C) $(GUARD_C) -lavutil

# What the mutants are linked with.
$(ORACLE_DIR)/world.o: $(ORACLE_DEPS)
	@mkdir -p $(@D)
	gcc -O2 $(ORACLE_CFLAGS) -r -nostdlib -o $@ $(ORACLE_C)

test-oracle: $(ORACLE_DIR)/oracle $(ORACLE_DIR)/oracle-san $(ORACLE_DIR)/world.o
	$(ORACLE_DIR)/oracle -v --frames $(ORACLE_FRAMES)
	$(ORACLE_DIR)/oracle-san --frames 50000 --first 1000000
	tests/oracle/mutants.sh '$(GUARD_C)' tests/oracle/mutants $(ORACLE_DIR)/mutants \
	    gcc -O1 -std=c11 -D_GNU_SOURCE -w -I. -iquote libavdevice/magnifier -o @O@ @C@ \
	    $(ORACLE_DIR)/world.o -lavutil

.PHONY: check-oracle
check-oracle: $(ORACLE_DIR)/oracle
	$(ORACLE_DIR)/oracle --frames 100000

soak-oracle: $(ORACLE_DIR)/oracle
	$(ORACLE_DIR)/oracle -v --frames $(ORACLE_SOAK_FRAMES) --first $(ORACLE_SOAK_SEED)

## soak: run the tests that find more the longer they run
soak: soak-oracle

TESTS_ALL += test-oracle
