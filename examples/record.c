/*
 * Record the screen without some windows, by libavdevice's magnifier
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to
 * deal in it without restriction: copy from it what you need. It comes without any warranty.
 */

/**
 * @file
 * A program to copy from, that links libavdevice. In a console it goes by keys:
 *
 *   l  list what can be captured            w  leave out: asks for rules, also while it records;
 *   s  start recording                         no picture is taken while you type
 *   e  end it                               f  how many frames it has so far
 *   q  quit                                 r  repeat: asks how often, for short recordings
 *
 * Where its standard input is no console it reads lines that begin so: "start monitor=2 out.mkv",
 * "without exe=slack.exe|title=*password*", "repeat 100 desktop out.mkv". Source and file are those
 * of the last time, at first "desktop" and "out.mkv". Each answer ends with a line "ok" or "error: ...".
 * When a recording ends by itself, as its window was closed, there is a line "ended" or "error: ...".
 *
 * FFmpeg takes rules and names in UTF-8, and so must the lines be. A console gives them in its own code
 * page; for more than ASCII read it with ReadConsoleW().
 *
 * To build it elsewhere, with PKG_CONFIG_PATH where FFmpeg with the device was installed:
 *
 *   x86_64-w64-mingw32-gcc -o record.exe record.c \
 *       $(pkg-config --static --cflags --libs libavdevice libavformat libavcodec libavutil)
 */

#include <conio.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include <libavcodec/avcodec.h>
#include <libavdevice/avdevice.h>
#include <libavformat/avformat.h>

static const AVInputFormat *magnifier;
static AVFormatContext *in, *out;
static AVCodecContext *encoder;
static AVFrame *frame;
static AVPacket *packet;
static int frames, has_header;
static char rules_file[64]; /* the device reads it again when it changes */

static int list_sources(void)
{
    AVDeviceInfoList *list = NULL;
    int ret = avdevice_list_input_sources(magnifier, NULL, NULL, &list);

    for (int i = 0; ret >= 0 && i < list->nb_devices; i++)
        printf("%s: %s\n", list->devices[i]->device_name, list->devices[i]->device_description);
    avdevice_free_list_devices(&list);
    return ret;
}

/** Beside the file, and then in its place, so that no half of them is ever read. */
static int write_rules(const char *rules)
{
    char fresh[sizeof(rules_file) + 4];
    int written;
    FILE *f;

    if (rules[strspn(rules, " \t")] == '#') /* in a file that is a comment, which leaves nothing out */
        return AVERROR(EINVAL);
    snprintf(fresh, sizeof(fresh), "%s.new", rules_file);
    f = fopen(fresh, "wb");
    if (!f)
        return AVERROR(errno);
    written = fputs(rules, f) >= 0;
    if (fclose(f) || !written)
        return AVERROR(EIO);
    /* Windows may refuse it just while the device reads the old one. */
    for (int i = 0; !MoveFileExA(fresh, rules_file, MOVEFILE_REPLACE_EXISTING); i++, Sleep(25))
        if (i == 20)
            return AVERROR(EIO);
    return 0;
}

static int open_input(const char *source)
{
    AVDictionary *options = NULL;
    int ret;

    av_dict_set(&options, "framerate", "20", 0);
    av_dict_set(&options, "exclude_file", rules_file, 0);
    ret = avformat_open_input(&in, source, magnifier, &options);
    /* What is left it did not know: a mistyped exclude_file would leave nothing out. */
    if (ret >= 0 && av_dict_count(options))
        ret = AVERROR_OPTION_NOT_FOUND;
    av_dict_free(&options);
    return ret;
}

/** FFV1 takes the device's pictures as they are; for most other encoders sws_scale() makes YUV of them. */
static int open_output(const char *file)
{
    const AVStream *st = in->streams[0];
    int ret = avformat_alloc_output_context2(&out, NULL, NULL, file);

    encoder = avcodec_alloc_context3(avcodec_find_encoder(AV_CODEC_ID_FFV1));
    frame   = av_frame_alloc();
    packet  = av_packet_alloc();
    if (ret < 0 || !encoder || !frame || !packet || !avformat_new_stream(out, NULL))
        return ret < 0 ? ret : AVERROR(ENOMEM);
    frame->format = encoder->pix_fmt = st->codecpar->format;
    frame->width  = encoder->width   = st->codecpar->width;
    frame->height = encoder->height  = st->codecpar->height;
    encoder->time_base = st->time_base;
    encoder->framerate = st->avg_frame_rate;
    out->avoid_negative_ts = AVFMT_AVOID_NEG_TS_MAKE_ZERO; /* the device's are the time of day */
    if (out->oformat->flags & AVFMT_GLOBALHEADER)
        encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if ((ret = avcodec_open2(encoder, NULL, NULL)) < 0 ||
        (ret = avcodec_parameters_from_context(out->streams[0]->codecpar, encoder)) < 0 ||
        (ret = avio_open(&out->pb, file, AVIO_FLAG_WRITE)) < 0)
        return ret;
    ret = avformat_write_header(out, NULL);
    has_header = ret >= 0;
    return ret;
}

/** @param picture NULL: what the encoder has kept */
static int encode(const AVFrame *picture)
{
    int ret = avcodec_send_frame(encoder, picture);

    while (ret >= 0 && (ret = avcodec_receive_packet(encoder, packet)) >= 0) {
        av_packet_rescale_ts(packet, encoder->time_base, out->streams[0]->time_base);
        ret = av_interleaved_write_frame(out, packet);
    }
    return ret == AVERROR(EAGAIN) || ret == AVERROR_EOF ? 0 : ret;
}

/** One frame. It waits for its time, so a program with windows of its own does this on another thread. */
static int record(void)
{
    int ret = av_read_frame(in, packet);

    if (ret < 0)
        return ret;
    frames++;
    frame->pts         = packet->pts;
    frame->data[0]     = packet->data; /* the encoder makes a copy */
    frame->linesize[0] = 4 * frame->width;
    return encode(frame);
}

/**
 * Write the file to its end, whatever comes before: without that an mp4 could not be played.
 *
 * @param ret what it ends for: an error, or 0; AVERROR_EOF, as the window is gone, is none
 */
static int end(int ret)
{
    if (has_header) {
        const int drained = encode(NULL), written = av_write_trailer(out);

        if (ret >= 0 || ret == AVERROR_EOF)
            ret = FFMIN(drained, written);
    }
    has_header = 0;
    if (out)
        avio_closep(&out->pb);
    avformat_free_context(out);
    out = NULL;
    avformat_close_input(&in);
    avcodec_free_context(&encoder);
    av_frame_free(&frame);
    av_packet_free(&packet);
    return ret;
}

static int start(const char *source, const char *file)
{
    int ret = open_input(source);

    frames = 0;
    return ret < 0 || (ret = open_output(file)) < 0 ? end(ret) : 0;
}

static int command(const char *line)
{
    static char source[256] = "desktop", file[1024] = "out.mkv";
    const char *rest = line + strcspn(line, " ");
    int ret = 0, n = *line == 'r' ? strtol(rest, (char **)&rest, 10) : 0;

    if (*line == 'l')
        return list_sources();
    if (*line == 'w')
        return write_rules(rest + !!*rest);
    if (*line == 'f')
        return printf("%d\n", frames);
    if (*line == 'e')
        return in ? end(0) : AVERROR(EINVAL);
    if (in || (*line != 's' && n < 1))
        return AVERROR(EINVAL);
    /* No blanks in a source: a window whose title has some goes by the hwnd= that l lists. */
    sscanf(rest, "%255s %1023[^\n]", source, file);
    if (*line == 's')
        return start(source, file);
    while (n-- && ret >= 0 && (ret = start(source, file)) >= 0) {
        while (frames < 3 && ret >= 0)
            ret = record();
        ret = end(ret);
    }
    return ret;
}

/** @return is there a key or a line? Yes at the end of them, too. */
static int pending(int console)
{
    DWORD nb;

    return console ? _kbhit() : !PeekNamedPipe(GetStdHandle(STD_INPUT_HANDLE), NULL, 0, NULL, &nb, NULL) || nb;
}

/** A key in a console, with a line behind it where it needs one; else a line. */
static int next_command(int console, char *line, int size)
{
    if (console) {
        int key = _getch();

        if (!key || key == 0xE0) { /* an arrow and the like: what it is follows */
            _getch();
            key = '?';
        }
        snprintf(line, size, "%c ", key);
        if (*line != 'w' && *line != 'r')
            return 1;
        printf("%s", line);
        line += 2;
        size -= 2;
    }
    /* Nothing is recorded until the line is there; who minds reads it on another thread. */
    if (!fgets(line, size, stdin))
        return 0;
    line[strcspn(line, "\r\n")] = 0;
    return 1;
}

static int answer(int ret, const char *good)
{
    printf(ret < 0 ? "error: %s\n" : "%s\n", ret < 0 ? av_err2str(ret) : good);
    return ret < 0;
}

int main(void)
{
    DWORD mode;
    int console = GetConsoleMode(GetStdHandle(STD_INPUT_HANDLE), &mode), ret;
    char line[4096];

    setvbuf(stdin, NULL, _IONBF, 0); /* what it kept, pending() would not see */
    setvbuf(stdout, NULL, _IONBF, 0);
    setvbuf(stderr, NULL, _IONBF, 0);
    avdevice_register_all();
    magnifier = av_find_input_format("magnifier");
    /* One for each process: two in one folder would take each other's rules away. */
    snprintf(rules_file, sizeof(rules_file), "record-rules-%lu.txt", GetCurrentProcessId());
    ret = magnifier ? write_rules("") : AVERROR_DEMUXER_NOT_FOUND;
    if (ret < 0)
        return answer(ret, NULL);
    for (;;) {
        if (in && !pending(console)) {
            if ((ret = record()) < 0)
                answer(end(ret), "ended");
        } else if (!next_command(console, line, sizeof(line)) || *line == 'q') {
            break;
        } else {
            answer(command(line), "ok");
        }
    }
    ret = in ? end(0) : 0;
    remove(rules_file);
    return ret < 0 ? answer(ret, NULL) : 0;
}
