# The simulator: a stand-in for Magnification.dll, for both architectures, its
# variant without one export, and the programs that test it.

SIM_DIR   := tests/simulator
SIM_BUILD := $(BUILD)/simulator
SIM_ARCHS := x86_64 i686
SIM_NAMES := blocks compose control exports faults guard log profile screen session
SIM_HEADERS  := $(wildcard $(SIM_DIR)/*.h)
SIM_PROFILES := $(sort $(wildcard $(SIM_DIR)/profiles/*.profile))
# the export that the variant in build/simulator-noexport lacks
SIM_LACKS := MagSetWindowFilterList

SIM_CFLAGS := -std=gnu99 -O3 -g -Wall -Wextra -Wundef -Wdeclaration-after-statement -Werror \
              -DWINVER=0x0601 -D_WIN32_WINNT=0x0601 -I$(SIM_DIR)
SIM_LIBS   := -lgdi32 -luser32 -lpsapi -static-libgcc -Wl,--kill-at,--enable-stdcall-fixup

# no large-address flag: 32-bit programs have 2 GB, as the facts' leak needs
SIM_PROGRAM_LIBS := -lgdi32 -luser32 -static

define SIM_ARCH_RULES
SIM_$(1)_OBJS := $$(SIM_NAMES:%=$(SIM_BUILD)/obj/$(1)/%.o) $(SIM_BUILD)/obj/$(1)/builtin.o

$(SIM_BUILD)/obj/$(1)/%.o: $(SIM_DIR)/%.c $(SIM_HEADERS) $(SIM_DIR)/simulator.mk
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(SIM_CFLAGS) -c -o $$@ $$<

$(SIM_BUILD)/obj/$(1)/builtin.o: $(SIM_BUILD)/builtin.c $(SIM_HEADERS)
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(SIM_CFLAGS) -c -o $$@ $$<

$(SIM_BUILD)/$(1)/Magnification.dll: $$(SIM_$(1)_OBJS) $(SIM_BUILD)/all.def
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc -shared -o $$@ $$^ $$(SIM_LIBS)

$(BUILD)/simulator-noexport/$(1)/Magnification.dll: $$(SIM_$(1)_OBJS) $(SIM_BUILD)/noexport.def
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc -shared -o $$@ $$^ $$(SIM_LIBS)

$(BUILD)/tests/simulator/$(1)/%.exe: $(SIM_DIR)/%.c $(SIM_HEADERS) $(SIM_DIR)/simulator.mk
	@mkdir -p $$(@D)
	$(1)-w64-mingw32-gcc $$(SIM_CFLAGS) -o $$@ $$< $$(SIM_PROGRAM_LIBS)

SIM_PROGRAMS += $(BUILD)/tests/simulator/$(1)/client.exe $(BUILD)/tests/simulator/$(1)/subject.exe
SIM_DLLS += $(SIM_BUILD)/$(1)/Magnification.dll $(BUILD)/simulator-noexport/$(1)/Magnification.dll
endef

$(foreach arch,$(SIM_ARCHS),$(eval $(call SIM_ARCH_RULES,$(arch))))

$(SIM_BUILD)/builtin.c: $(SIM_DIR)/mkbuiltin.sh $(SIM_PROFILES)
	@mkdir -p $(@D)
	sh $(SIM_DIR)/mkbuiltin.sh $(SIM_PROFILES) > $@

# undecorated names, also for 32-bit
$(SIM_BUILD)/all.def: $(SIM_DIR)/exports.list
	@mkdir -p $(@D)
	{ echo 'LIBRARY Magnification.dll'; echo EXPORTS; cat $<; } > $@

$(SIM_BUILD)/noexport.def: $(SIM_DIR)/exports.list $(SIM_DIR)/simulator.mk
	@mkdir -p $(@D)
	{ echo 'LIBRARY Magnification.dll'; echo EXPORTS; grep -v -x $(SIM_LACKS) $<; } > $@

## simulator: build the simulator of Magnification.dll, x86_64 and i686
simulator: $(SIM_DLLS)

TEST_PROGRAMS += simulator

simulator-programs: $(SIM_PROGRAMS)
.PHONY: simulator simulator-programs

# SIM_TESTS= runs some of them: make test-simulator SIM_TESTS=tests/simulator/guard.t
SIM_TESTS ?= $(sort $(wildcard $(SIM_DIR)/*.t))

test-simulator: simulator simulator-programs
	BUILD=$(abspath $(BUILD)) prove --timer --exec sh $(SIM_TESTS)
.PHONY: test-simulator

TESTS_ALL += test-simulator
