# Native tests of the files that have no Win32 in them: each tests/unit/test_*.c
# is a cmocka program, linked with all of those files, and is built and run
# three times. Add a file and it is taken.
#
#   clang   AddressSanitizer and UndefinedBehaviorSanitizer
#   gcc     the same by another compiler, optimised
#   tsan    ThreadSanitizer
#
# So are, as the program threads, the files that hand something from thread to thread; what they
# ask of Windows is in tests/unit/threads/windows.c, on pthreads. test-unit-valgrind is the same without a sanitizer,
# under valgrind, which knows of memory that is read before it is written; .ci/run calls it.
#
# A day of recording, by a clock that is the test's, is the program day: half a minute at most, by gcc
# with its sanitizers.
#
# And the ledger's test must go red when a proof is taken out of the ledger (mutants), as those of
# slots.c when one of its promises is (threads/mutants), and day (day/mutants: two hours of it).

UNIT_TESTS := $(sort $(wildcard tests/unit/test_*.c))
UNIT_KINDS := clang gcc tsan
UNIT_BUILD := $(BUILD)/tests/unit

UNIT_SANE    := -fsanitize=address,undefined -fno-sanitize-recover=all
UNIT_CC_clang := clang -O1 $(UNIT_SANE)
UNIT_CC_gcc   := gcc -O2 $(UNIT_SANE)
UNIT_CC_tsan  := clang -O1 -fsanitize=thread
UNIT_CC_valgrind := gcc -O1
UNIT_CFLAGS := -std=c11 -D_GNU_SOURCE -g -fno-omit-frame-pointer -I. \
               -Wall -Wextra -Werror -Wundef -Wmissing-prototypes \
               -Wdeclaration-after-statement -Wno-unused-parameter

# ThreadSanitizer's shadow memory wants the addresses of a kernel with little
# randomisation; where that cannot be had the program is run as it is.
UNIT_RUN_clang := timeout 300
UNIT_RUN_gcc   := timeout 300
UNIT_RUN_tsan  := timeout 300 $(shell setarch -R true 2>/dev/null && echo setarch -R)

UNIT_RUN_valgrind := timeout 1200 valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite
# a minute of processor time, of which test_rules has the half
UNIT_PROVE_valgrind := -j2

UNIT_THREADS := $(wildcard tests/unit/threads/*.c) \
                $(patsubst %,libavdevice/magnifier/%.c,worker linefile log runtime clock reclaim slots pace)

define unit_kind
UNIT_OBJS_$(1) := $$(patsubst %.c,$$(UNIT_BUILD)/$(1)/%.o,$$(NATIVE_ROOMS) $$(NATIVE_STUBS))
UNIT_BINS_$(1) := $$(UNIT_TESTS:tests/unit/%.c=$$(UNIT_BUILD)/$(1)/%)

$$(UNIT_BUILD)/$(1)/threads: $$(UNIT_THREADS) $$(wildcard tests/unit/threads/*.h tests/unit/threads/*/*.h libavdevice/magnifier/*.h) \
                             tests/unit/unit.mk
	@mkdir -p $$(@D)
	@echo '  CC $(1) threads'
	@$$(UNIT_CC_$(1)) -Itests/unit/threads $$(UNIT_CFLAGS) -o $$@ $$(UNIT_THREADS) -lcmocka -lavutil -lpthread

$$(UNIT_BUILD)/$(1)/%.o: %.c tests/unit/unit.mk
	@mkdir -p $$(@D)
	@echo '  CC $(1) $$(@F)'
	@$$(UNIT_CC_$(1)) $$(UNIT_CFLAGS) -MMD -MP -c -o $$@ $$<

$$(UNIT_BINS_$(1)): $$(UNIT_BUILD)/$(1)/%: $$(UNIT_BUILD)/$(1)/tests/unit/%.o $$(UNIT_OBJS_$(1))
	@$$(UNIT_CC_$(1)) -o $$@ $$^ -lcmocka -lavutil -lm -lpthread

.PRECIOUS: $$(UNIT_BUILD)/$(1)/tests/unit/%.o
-include $$(UNIT_OBJS_$(1):.o=.d) $$(UNIT_TESTS:%.c=$$(UNIT_BUILD)/$(1)/%.d)

.PHONY: test-unit-$(1)
test-unit-$(1): $$(UNIT_BINS_$(1)) $$(UNIT_BUILD)/$(1)/threads
	@test -n "$$(UNIT_BINS_$(1))" || { echo "tests/unit: there is no test_*.c to run" >&2; exit 1; }
	@UBSAN_OPTIONS=print_stacktrace=1 CMOCKA_MESSAGE_OUTPUT=TAP \
	    prove $$(UNIT_PROVE_$(1)) -e '$$(UNIT_RUN_$(1))' $$^
endef
$(foreach kind,$(UNIT_KINDS) valgrind,$(eval $(call unit_kind,$(kind))))

# day.c has slots.c in it, and is Windows, the worker and the capture itself
UNIT_DAY        := $(filter-out %/slots.c,$(NATIVE_ROOMS)) $(NATIVE_STUBS) libavdevice/magnifier/log.c libavdevice/magnifier/clock.c
UNIT_DAY_CFLAGS := -Itests/unit/threads $(UNIT_CFLAGS)
UNIT_DAY_DEPS   := tests/unit/day/day.c $(UNIT_DAY) libavdevice/magnifier/slots.c $(wildcard libavdevice/magnifier/*.h) \
                   $(wildcard tests/unit/threads/*.h tests/unit/threads/*/*.h) tests/unit/unit.mk

$(UNIT_BUILD)/day: $(UNIT_DAY_DEPS)
	@mkdir -p $(@D)
	@echo '  CC day'
	@$(UNIT_CC_gcc) $(UNIT_DAY_CFLAGS) -o $@ tests/unit/day/day.c $(UNIT_DAY) -lcmocka -lavutil -lm -lpthread

## test-unit-day: record for 24 hours by a clock that is the test's; part of test-unit
.PHONY: test-unit-day
test-unit-day: $(UNIT_BUILD)/day
	@UBSAN_OPTIONS=print_stacktrace=1 CMOCKA_MESSAGE_OUTPUT=TAP prove -v -e 'timeout 300' $<

## test-unit-valgrind: run the unit tests under valgrind, a minute of processor time; not part of test

# Without a sanitizer, which would end the program before a test is seen to be red.
UNIT_MUTANTS := $(UNIT_BUILD)/mutants

$(UNIT_MUTANTS)/test_reclaim.o: tests/unit/test_reclaim.c tests/unit/unit.mk
	@mkdir -p $(@D)
	@gcc -O1 $(UNIT_CFLAGS) -MMD -MP -c -o $@ $<
-include $(UNIT_MUTANTS)/test_reclaim.d

# all of the program threads but slots.c; who waits for what a mutant does not do is not to wait long
UNIT_MUTANTS_SLOTS := $(addprefix $(UNIT_MUTANTS)/threads/,$(addsuffix .o,$(basename \
                      $(filter-out libavdevice/magnifier/slots.c,$(UNIT_THREADS)))))
UNIT_SLOTS_CFLAGS  := -DPATIENCE=4000 -Itests/unit/threads

$(UNIT_MUTANTS_SLOTS): $(UNIT_MUTANTS)/threads/%.o: %.c $(wildcard tests/unit/threads/*.h tests/unit/threads/*/*.h) \
                       $(wildcard libavdevice/magnifier/*.h) tests/unit/unit.mk
	@mkdir -p $(@D)
	@gcc -O1 $(UNIT_SLOTS_CFLAGS) $(UNIT_CFLAGS) -c -o $@ $<

## test-unit-jitter: run the program "threads" ten times, with delays at every lock; not part of test

.PHONY: test-unit-jitter
test-unit-jitter:
	@mkdir -p $(UNIT_MUTANTS)
	@gcc -O1 -DJITTER=20000 $(UNIT_SLOTS_CFLAGS) $(UNIT_CFLAGS) -o $(UNIT_MUTANTS)/jitter $(UNIT_THREADS) \
	    -lcmocka -lavutil -lpthread
	@CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; n=0; \
	while [ $$((n += 1)) -le 10 ]; do prove -e 'timeout 300' $(UNIT_MUTANTS)/jitter || exit 1; done

.PHONY: test-unit-mutants-slots
test-unit-mutants-slots: $(UNIT_MUTANTS_SLOTS)
	@tests/unit/mutants.sh libavdevice/magnifier/slots.c tests/unit/threads/mutants $(UNIT_MUTANTS)/slots \
	    gcc -O1 -std=c11 -D_GNU_SOURCE -w $(UNIT_SLOTS_CFLAGS) -I. -iquote libavdevice/magnifier -o @O@ @C@ $^ \
	    -lcmocka -lavutil -lpthread

# Two hours show as much; with AddressSanitizer, which counts the memory. tests/unit/day/mutants/FILE is
# about FILE.c of the device.
UNIT_MUTANTS_DAY := $(patsubst tests/unit/day/mutants/%,test-unit-mutants-day-%,$(wildcard tests/unit/day/mutants/*))
UNIT_DAY_OBJS    := $(patsubst %.c,$(UNIT_MUTANTS)/day/%.o,tests/unit/day/day.c $(UNIT_DAY))
UNIT_CC_day      := gcc -O1 -fsanitize=address -DHOURS=2

$(UNIT_DAY_OBJS): $(UNIT_MUTANTS)/day/%.o: %.c $(UNIT_DAY_DEPS)
	@mkdir -p $(@D)
	@$(UNIT_CC_day) $(UNIT_DAY_CFLAGS) -c -o $@ $<

.PHONY: $(UNIT_MUTANTS_DAY)
$(UNIT_MUTANTS_DAY): test-unit-mutants-day-%: $(UNIT_DAY_OBJS)
	@tests/unit/mutants.sh libavdevice/magnifier/$*.c tests/unit/day/mutants/$* $(UNIT_MUTANTS)/day/$* \
	    $(UNIT_CC_day) -w -iquote libavdevice/magnifier $(UNIT_DAY_CFLAGS) -o @O@ \
	    $(if $(filter slots,$*),'-DDAY_SLOTS=\"@C@\"' tests/unit/day/day.c,@C@) \
	    $(filter-out $(if $(filter slots,$*),%/day.o,%/$*.o),$(UNIT_DAY_OBJS)) -lcmocka -lavutil -lm -lpthread

# ONLY is for one of them
.PHONY: test-unit-mutants
test-unit-mutants: test-unit-mutants-reclaim test-unit-mutants-slots $(UNIT_MUTANTS_DAY)

.PHONY: test-unit-mutants-reclaim
test-unit-mutants-reclaim: $(UNIT_MUTANTS)/test_reclaim.o
	@tests/unit/mutants.sh libavdevice/magnifier/reclaim.c tests/unit/mutants $(UNIT_MUTANTS) \
	    gcc -O1 -std=c11 -D_GNU_SOURCE -w -I. -iquote libavdevice/magnifier -o @O@ @C@ $< \
	    -lcmocka -lavutil -lpthread

.PHONY: test-unit
test-unit: $(UNIT_KINDS:%=test-unit-%) test-unit-day test-unit-mutants

TESTS_ALL += test-unit

# Which lines of the native files the unit tests run, with gcov, and which of those that hand something from
# thread to thread the program threads runs. Figures to look at, not to pass: what is not run is in
# build/tests/unit/coverage/*.gcov and coverage/threads/*.gcov, marked #####.
## coverage: show how many lines of the natively built files the unit tests run, and the program threads
COVERAGE := $(UNIT_BUILD)/coverage

# coverage_table FILE...: in the folder of their objects
coverage_table = gcov -o . $(1) > gcov.log 2>&1; \
	awk -F "[':%]" '/^File / { name = ""; if ($$2 ~ /magnifier\/[a-z_]*\.c$$/) { name = $$2; sub(".*/", "", name) } } \
	    /^Lines executed/ && name { split($$0, of, "of "); run += $$2 * of[2] / 100; all += of[2]; \
	        printf "%6.2f %% of %4d lines  %s\n", $$2, of[2], name; name = "" } \
	    END { if (all) printf "%6.2f %% of %4d lines in all\n", 100 * run / all, all; exit !all }' gcov.log

.PHONY: coverage
coverage:
	@rm -rf $(COVERAGE) && mkdir -p $(COVERAGE)/threads
	@for file in $(NATIVE_ROOMS) $(NATIVE_STUBS); do \
	    gcc -O0 --coverage $(UNIT_CFLAGS) -c -o $(COVERAGE)/$$(basename $$file .c).o $$file || exit 1; done
	@for test in $(UNIT_TESTS); do name=$$(basename $$test .c); \
	    gcc -O0 $(UNIT_CFLAGS) -c -o $(COVERAGE)/$$name.to $$test && \
	    gcc --coverage -o $(COVERAGE)/$$name $(COVERAGE)/$$name.to $(COVERAGE)/*.o -lcmocka -lavutil -lm -lpthread && \
	    timeout 300 $(COVERAGE)/$$name > $(COVERAGE)/$$name.log 2>&1 || { tail -n 20 $(COVERAGE)/$$name.log; exit 1; }; done
	@for file in $(UNIT_THREADS); do \
	    case $$file in tests/*) gcc='gcc -O0' object=threads/$$(basename $$file .c).to ;; \
	    *) gcc='gcc -O0 --coverage' object=threads/$$(basename $$file .c).o ;; esac; \
	    $$gcc -Itests/unit/threads $(UNIT_CFLAGS) -c -o $(COVERAGE)/$$object $$file || exit 1; done
	@cd $(COVERAGE)/threads && gcc --coverage -o threads *.to *.o -lcmocka -lavutil -lpthread && \
	    timeout 300 ./threads > threads.log 2>&1 || { tail -n 20 threads.log; exit 1; }
	@echo 'by the unit tests:'
	@cd $(COVERAGE) && $(call coverage_table,$(notdir $(NATIVE_ROOMS)))
	@echo 'by the program threads:'
	@cd $(COVERAGE)/threads && $(call coverage_table,$(notdir $(filter libavdevice/%,$(UNIT_THREADS))))

# What three programs say of the files without running them: a part of "make lint".
## analyze: run gcc -fanalyzer, cppcheck and clang-tidy on the device's files
.PHONY: analyze
analyze: deps
	build-aux/lint.sh 'FFmpeg 9.0$$|-fanalyzer|cppcheck|clang-tidy'
