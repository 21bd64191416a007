# Native tests of the files that have no Win32 in them: each tests/unit/test_*.c
# is a cmocka program, linked with all of those files, and is built and run
# three times. Add a file and it is taken.
#
#   clang   AddressSanitizer and UndefinedBehaviorSanitizer
#   gcc     the same by another compiler, optimised
#   tsan    ThreadSanitizer
#
# And the ledger's test must go red when a proof is taken out of the ledger (mutants).

UNIT_TESTS := $(sort $(wildcard tests/unit/test_*.c))
UNIT_KINDS := clang gcc tsan
UNIT_BUILD := $(BUILD)/tests/unit

UNIT_SANE    := -fsanitize=address,undefined -fno-sanitize-recover=all
UNIT_CC_clang := clang -O1 $(UNIT_SANE)
UNIT_CC_gcc   := gcc -O2 $(UNIT_SANE)
UNIT_CC_tsan  := clang -O1 -fsanitize=thread
UNIT_CFLAGS := -std=c11 -D_GNU_SOURCE -g -fno-omit-frame-pointer -I. \
               -Wall -Wextra -Werror -Wundef -Wmissing-prototypes \
               -Wdeclaration-after-statement -Wno-unused-parameter

# ThreadSanitizer's shadow memory wants the addresses of a kernel with little
# randomisation; where that cannot be had the program is run as it is.
UNIT_RUN_clang := timeout 300
UNIT_RUN_gcc   := timeout 300
UNIT_RUN_tsan  := timeout 300 $(shell setarch -R true 2>/dev/null && echo setarch -R)

define unit_kind
UNIT_OBJS_$(1) := $$(patsubst %.c,$$(UNIT_BUILD)/$(1)/%.o,$$(NATIVE_ROOMS) $$(NATIVE_STUBS))
UNIT_BINS_$(1) := $$(UNIT_TESTS:tests/unit/%.c=$$(UNIT_BUILD)/$(1)/%)

$$(UNIT_BUILD)/$(1)/%.o: %.c tests/unit/unit.mk
	@mkdir -p $$(@D)
	@echo '  CC $(1) $$(@F)'
	@$$(UNIT_CC_$(1)) $$(UNIT_CFLAGS) -MMD -MP -c -o $$@ $$<

$$(UNIT_BINS_$(1)): $$(UNIT_BUILD)/$(1)/%: $$(UNIT_BUILD)/$(1)/tests/unit/%.o $$(UNIT_OBJS_$(1))
	@$$(UNIT_CC_$(1)) -o $$@ $$^ -lcmocka -lavutil -lm -lpthread

.PRECIOUS: $$(UNIT_BUILD)/$(1)/tests/unit/%.o
-include $$(UNIT_OBJS_$(1):.o=.d) $$(UNIT_TESTS:%.c=$$(UNIT_BUILD)/$(1)/%.d)

.PHONY: test-unit-$(1)
test-unit-$(1): $$(UNIT_BINS_$(1))
	@test -n "$$(UNIT_BINS_$(1))" || { echo "tests/unit: there is no test_*.c to run" >&2; exit 1; }
	@UBSAN_OPTIONS=print_stacktrace=1 CMOCKA_MESSAGE_OUTPUT=TAP \
	    prove -e '$$(UNIT_RUN_$(1))' $$(UNIT_BINS_$(1))
endef
$(foreach kind,$(UNIT_KINDS),$(eval $(call unit_kind,$(kind))))

# Without a sanitizer, which would end the program before a test is seen to be red.
UNIT_MUTANTS := $(UNIT_BUILD)/mutants

$(UNIT_MUTANTS)/test_reclaim.o: tests/unit/test_reclaim.c tests/unit/unit.mk
	@mkdir -p $(@D)
	@gcc -O1 $(UNIT_CFLAGS) -MMD -MP -c -o $@ $<
-include $(UNIT_MUTANTS)/test_reclaim.d

.PHONY: test-unit-mutants
test-unit-mutants: $(UNIT_MUTANTS)/test_reclaim.o
	@tests/unit/mutants.sh libavdevice/magnifier/reclaim.c tests/unit/mutants $(UNIT_MUTANTS) \
	    gcc -O1 -std=c11 -D_GNU_SOURCE -w -I. -iquote libavdevice/magnifier -o @O@ @C@ $< \
	    -lcmocka -lavutil -lpthread

.PHONY: test-unit
test-unit: $(UNIT_KINDS:%=test-unit-%) test-unit-mutants

TESTS_ALL += test-unit
