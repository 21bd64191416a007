# Fuzzing of what comes from outside: tests/fuzz/fuzz_*.c, a libFuzzer target each,
# with its seeds in tests/fuzz/corpus/. A find that was mended belongs there too.
#
#   make test-fuzz      the seeds, then FUZZ_RUNS inputs of each (about a minute)
#   make fuzz-short     a minute of each, two at a time: what .ci/run adds, the same inputs each time
#   make fuzz           FUZZ_SECONDS of each, an hour by default for all; what is found new is
#                       kept in build/tests/fuzz/
#
# FUZZ='rules region' makes some of them only.

FUZZ_CC      ?= clang
FUZZ         ?= $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_RUNS    ?= 100000
FUZZ_SECONDS ?= $(shell expr 3600 / $(words $(FUZZ)))
# The same inputs each time, so that a red test is red again.
FUZZ_SEED    ?= 1

FUZZ_DIR     := $(BUILD)/tests/fuzz
FUZZ_CFLAGS  := -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
                -Wall -Wextra -Wno-unused-parameter -Werror -I.
FUZZ_ARGS    := -max_len=2048 -timeout=10 -rss_limit_mb=1024 -print_final_stats=0 -verbosity=0

TESTS_ALL    += test-fuzz

# The desktop that means ill, which the oracle has.
FUZZ_MORE_events := tests/oracle/run.c tests/oracle/desktop.c

.PHONY: test-fuzz fuzz-short fuzz

$(FUZZ_DIR)/fuzz_events: $(FUZZ_MORE_events) $(wildcard tests/oracle/*.h)

$(FUZZ_DIR)/fuzz_%: tests/fuzz/fuzz_%.c $(NATIVE_ROOMS) $(NATIVE_STUBS) $(wildcard libavdevice/magnifier/*.h tests/unit/*.h tests/fuzz/*.h)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_CFLAGS) $< $(FUZZ_MORE_$*) $(NATIVE_ROOMS) $(NATIVE_STUBS) -lavutil -o $@

# What a fuzzer begins with: its words, if it has such, and what is found goes beside it.
fuzz_words = $(addprefix -dict=,$(wildcard tests/fuzz/$(1).dict)) -artifact_prefix=$(FUZZ_DIR)/$(1)-

# Prints TAP and the end of the fuzzer's own words when one fails.
test-fuzz: $(FUZZ:%=$(FUZZ_DIR)/fuzz_%)
	@n=0; failed=0; echo 1..$(words $(FUZZ)); \
	$(foreach f,$(FUZZ), n=$$((n + 1)); rm -rf $(FUZZ_DIR)/scratch; mkdir -p $(FUZZ_DIR)/scratch; \
	if $(FUZZ_DIR)/fuzz_$(f) $(FUZZ_ARGS) -runs=$(FUZZ_RUNS) -seed=$(FUZZ_SEED) $(call fuzz_words,$(f)) \
	       $(FUZZ_DIR)/scratch tests/fuzz/corpus/$(f) > $(FUZZ_DIR)/$(f).log 2>&1; \
	then echo "ok $$n - $(f): stands $(FUZZ_RUNS) inputs"; \
	else tail -n 40 $(FUZZ_DIR)/$(f).log | sed 's/^/# /'; failed=$$((failed + 1)); \
	     echo "not ok $$n - $(f): stands $(FUZZ_RUNS) inputs"; fi;) \
	rm -rf $(FUZZ_DIR)/scratch; echo "$$((n - failed)) passed, $$failed failed"; [ $$failed = 0 ]

# Of test-fuzz it is the longer form. A commit is not red for an input that another day would have brought: that is
# for make fuzz. In the log of one that finds something stand its input (Base64) and its seed.
FUZZ_SHORT_SECONDS ?= 60
.PHONY: $(FUZZ:%=fuzz-short-%)
$(FUZZ:%=fuzz-short-%): fuzz-short-%: $(FUZZ_DIR)/fuzz_%
	@rm -rf $(FUZZ_DIR)/scratch-$* && mkdir -p $(FUZZ_DIR)/scratch-$*
	@if $(FUZZ_DIR)/fuzz_$* $(FUZZ_ARGS) -verbosity=1 -max_total_time=$(FUZZ_SHORT_SECONDS) -seed=$(FUZZ_SEED) $(call fuzz_words,$*) \
	       $(FUZZ_DIR)/scratch-$* tests/fuzz/corpus/$* > $(FUZZ_DIR)/$*.log 2>&1; \
	then echo "ok - $*: $$(tail -n 1 $(FUZZ_DIR)/$*.log)"; rm -rf $(FUZZ_DIR)/scratch-$*; \
	else grep Seed: $(FUZZ_DIR)/$*.log; tail -n 40 $(FUZZ_DIR)/$*.log; echo "not ok - $*"; exit 1; fi

## fuzz-short: a minute of each fuzzer, two at a time: four minutes
fuzz-short:
	@$(MAKE) --no-print-directory -k -j2 PARALLEL=yes $(FUZZ:%=fuzz-short-%)

## fuzz: search for rules, rule files, layouts, titles, headers and events that break the device; an hour in all
fuzz: $(FUZZ:%=$(FUZZ_DIR)/fuzz_%)
	@mkdir -p $(FUZZ:%=$(FUZZ_DIR)/corpus-%)
	$(foreach f,$(FUZZ),$(FUZZ_DIR)/fuzz_$(f) $(FUZZ_ARGS) -verbosity=1 -max_total_time=$(FUZZ_SECONDS) \
	   $(call fuzz_words,$(f)) $(FUZZ_DIR)/corpus-$(f) tests/fuzz/corpus/$(f) &&) true
