/* This file is part of the tests of ffmpeg-magnifier; licence: LGPL 2.1 or later. */

#define attribute_align_arg
