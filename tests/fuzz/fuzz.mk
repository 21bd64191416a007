# Fuzzing of what reads text from outside: tests/fuzz/fuzz_*.c, a libFuzzer target each,
# with its seeds in tests/fuzz/corpus/. A find that was mended belongs there too.
#
#   make test-fuzz      the seeds, then FUZZ_RUNS inputs (about half a minute)
#   make fuzz           FUZZ_SECONDS of it, an hour by default; what is found new is
#                       kept in build/tests/fuzz/

FUZZ_CC      ?= clang
FUZZ_RUNS    ?= 200000
FUZZ_SECONDS ?= 3600
# The same inputs each time, so that a red test is red again.
FUZZ_SEED    ?= 1

FUZZ_DIR     := $(BUILD)/tests/fuzz
FUZZ_CFLAGS  := -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
                -Wall -Wextra -Wno-unused-parameter -Werror -I.
FUZZ_ARGS    := -max_len=2048 -timeout=10 -rss_limit_mb=1024 -print_final_stats=0 -verbosity=0

TESTS_ALL    += test-fuzz

.PHONY: test-fuzz fuzz

$(FUZZ_DIR)/fuzz_rules: tests/fuzz/fuzz_rules.c $(NATIVE_ROOMS) $(NATIVE_STUBS) $(wildcard libavdevice/magnifier/*.h tests/unit/*.h)
	@mkdir -p $(@D)
	$(FUZZ_CC) $(FUZZ_CFLAGS) tests/fuzz/fuzz_rules.c $(NATIVE_ROOMS) $(NATIVE_STUBS) -lavutil -o $@

# Prints TAP and the end of the fuzzer's own words when it fails.
test-fuzz: $(FUZZ_DIR)/fuzz_rules
	@rm -rf $(FUZZ_DIR)/scratch && mkdir -p $(FUZZ_DIR)/scratch
	@echo 1..1
	@if $< $(FUZZ_ARGS) -runs=$(FUZZ_RUNS) -seed=$(FUZZ_SEED) \
	       -dict=tests/fuzz/rules.dict -artifact_prefix=$(FUZZ_DIR)/rules- \
	       $(FUZZ_DIR)/scratch tests/fuzz/corpus/rules > $(FUZZ_DIR)/rules.log 2>&1; \
	then echo "ok 1 - rules stand $(FUZZ_RUNS) inputs"; echo "1 passed, 0 failed"; \
	else tail -n 40 $(FUZZ_DIR)/rules.log | sed 's/^/# /'; \
	     echo "not ok 1 - rules stand $(FUZZ_RUNS) inputs"; echo "0 passed, 1 failed"; exit 1; fi; \
	rm -rf $(FUZZ_DIR)/scratch

## fuzz: look for rules that break the device, FUZZ_SECONDS long (an hour)
fuzz: $(FUZZ_DIR)/fuzz_rules
	@mkdir -p $(FUZZ_DIR)/corpus-rules
	$< $(FUZZ_ARGS) -verbosity=1 -max_total_time=$(FUZZ_SECONDS) \
	   -dict=tests/fuzz/rules.dict -artifact_prefix=$(FUZZ_DIR)/rules- \
	   $(FUZZ_DIR)/corpus-rules tests/fuzz/corpus/rules
