# What things cost, as ratios to a yardstick of the same run; nothing is asserted.

.PHONY: bench bench-rate bench-compare

## bench: measure what the device and its exclusion cost, compared with gdigrab
bench: bench-rate bench-compare bench-windows-room

BENCH_BUILDS ?= 7.1/x86_64 7.1/i686

bench-rate: simulator $(BUILD)/tests/x86_64/scene.exe $(foreach b,$(BENCH_BUILDS),$(BUILD)/$(b)/ffmpeg.exe)
	tests/bench/rate '$(abspath $(BUILD))' $(BENCH_BUILDS)

# A host of libavdevice that says what a capture costs it; linked as another's program would be.
BENCH_CAPTURE := $(BUILD)/tests/bench/7.1/x86_64/capture.exe
BENCH_DIR     := $(BUILD)/bench

$(BENCH_CAPTURE): tests/bench/capture.c tests/rooms/imports.c tests/rooms/imports.h \
        tests/bench/bench.mk $(BUILD)/7.1/x86_64/ffmpeg.exe
	@mkdir -p $(@D)
	x86_64-w64-mingw32-gcc $(E2E_CFLAGS) -D_WIN32_WINNT=0x0600 -I. -I$(BUILD)/7.1/x86_64 \
	    -o $@ $(filter %.c,$^) -static -Wl,--start-group $$(ls $(BUILD)/7.1/x86_64/lib*/lib*.a) \
	    -Wl,--end-group $$(sed -n 's/^EXTRALIBS-[a-z]*=//p' $(BUILD)/7.1/x86_64/ffbuild/config.mak | \
	        tr ' ' '\n' | grep '^-[lL]' | sort -u)

## bench-compare: measure each cost beside a yardstick of the same run; build/bench/bench.txt, and a plot
bench-compare: simulator $(BENCH_CAPTURE) $(BUILD)/tests/x86_64/scene.exe
	@mkdir -p $(BENCH_DIR)
	tests/bench/compare '$(abspath $(BUILD))' 7.1/x86_64 > $(BENCH_DIR)/bench.tmp
	mv $(BENCH_DIR)/bench.tmp $(BENCH_DIR)/bench.txt
	sort -t: -k2,2V $(BENCH_DIR)/bench.txt | sed -n 's/^added_us:\([0-9]*\)x\([0-9]*\) /\1 \2 /p' > $(BENCH_DIR)/sizes.txt
	gnuplot -e "data='$(BENCH_DIR)/sizes.txt'; picture='$(BENCH_DIR)/sizes.png'" tests/bench/sizes.gp
	cat $(BENCH_DIR)/bench.txt
