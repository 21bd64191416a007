# What things cost, as ratios to a yardstick of the same run; nothing is asserted.

.PHONY: bench bench-rate

## bench: what the device and its exclusion cost, beside gdigrab
bench: bench-rate bench-windows-room

BENCH_BUILDS ?= 7.1/x86_64 7.1/i686

bench-rate: simulator $(BUILD)/tests/x86_64/scene.exe $(foreach b,$(BENCH_BUILDS),$(BUILD)/$(b)/ffmpeg.exe)
	tests/bench/rate '$(abspath $(BUILD))' $(BENCH_BUILDS)
