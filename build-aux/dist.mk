# FFmpeg's own Makefile, for the programs of "make dist": what strict.mk asks for, and a version
# resource beside FFmpeg's manifest. Needs VERSION_NUMBER (7,1,5,0) and COMMIT.

DIST_AUX := $(dir $(lastword $(MAKEFILE_LIST)))
include $(DIST_AUX)strict.mk

define version_resource
OBJS-$(1) += fftools/$(1)_version.o
$(1)$(PROGSSUF)_g$(EXESUF): fftools/$(1)_version.o
fftools/$(1)_version.o: $(DIST_AUX)version.rc libavutil/ffversion.h FORCE | fftools
	$$(WINDRES) $$(IFLAGS) -DPROGRAM=$(1) -DVERSION_NUMBER=$(VERSION_NUMBER) -DCOMMIT=$(COMMIT) -o $$@ $$<
endef
$(foreach program,ffmpeg ffprobe,$(eval $(call version_resource,$(program))))
FORCE:
