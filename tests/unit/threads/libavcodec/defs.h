/* This file is part of the tests of ffmpeg-magnifier; licence: LGPL 2.1 or later. */

#define AV_INPUT_BUFFER_PADDING_SIZE 64
