/*
 * Record the screen without some windows, by libavdevice's magnifier
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to
 * deal in it without restriction: copy from it what you need. It comes without any warranty.
 */

/**
 * @file
 * An example of a program that links libavdevice: it lists what can be captured, captures with an
 * exclusion, encodes to a file, and does so as often as it is told, by lines on its standard input:
 *
 *   list               print what can be captured
 *   start SOURCE FILE  record, as "start desktop out.mkv"; "start monitor=2 out.mp4"
 *   rules RULE|RULE    leave these windows out from now on, also while it records
 *   frames             print how many frames it has so far
 *   stop               end the recording
 *   quit
 *
 * Each is answered by a line that begins with "ok" or "error". Rules are kept in a file, which the
 * device reads again when it changes.
 */

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include <libavcodec/avcodec.h>
#include <libavdevice/avdevice.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>

#define RULES "record-rules.txt"

/** One recording, on a thread of its own. */
typedef struct Recording {
    AVFormatContext *in, *out;
    AVCodecContext *encoder;
    struct SwsContext *sws;
    AVFrame *frame;             ///< for the encoder
    atomic_int stop;            ///< asked by the thread that reads the commands
    atomic_int frames;          ///< recorded so far
    HANDLE thread;
} Recording;

/** Asked by the device while it waits: it comes back within some 20 ms then. */
static int interrupted(void *opaque)
{
    return atomic_load(&((Recording *)opaque)->stop);
}

static const AVInputFormat *magnifier(void)
{
    return av_find_input_format("magnifier");
}

static int list_sources(void)
{
    AVDeviceInfoList *list = NULL;
    int ret = avdevice_list_input_sources(magnifier(), NULL, NULL, &list);

    for (int i = 0; ret >= 0 && i < list->nb_devices; i++)
        printf("%s: %s\n", list->devices[i]->device_name, list->devices[i]->device_description);
    avdevice_free_list_devices(&list);
    return ret < 0 ? ret : 0;
}

/** Write them beside the file and put that in its place, so that no half of them is ever read. */
static int write_rules(const char *rules)
{
    FILE *f = fopen(RULES ".new", "wb");

    if (!f)
        return AVERROR(EIO);
    for (; *rules; rules++)
        fputc(*rules == '|' ? '\n' : *rules, f);
    fputc('\n', f);
    return fclose(f) || !MoveFileExA(RULES ".new", RULES, MOVEFILE_REPLACE_EXISTING) ? AVERROR(EIO) : 0;
}

static int open_input(Recording *r, const char *source)
{
    AVDictionary *options = NULL;
    int ret;

    r->in = avformat_alloc_context();
    if (!r->in)
        return AVERROR(ENOMEM);
    r->in->interrupt_callback = (AVIOInterruptCB) { interrupted, r };
    av_dict_set(&options, "framerate", "20", 0);
    av_dict_set(&options, "exclude_file", RULES, 0);
    ret = avformat_open_input(&r->in, source, magnifier(), &options);
    av_dict_free(&options);
    return ret;
}

static int open_output(Recording *r, const char *file)
{
    const AVCodecParameters *par = r->in->streams[0]->codecpar;
    const AVCodec *codec;
    AVStream *st;
    int ret = avformat_alloc_output_context2(&r->out, NULL, NULL, file);

    if (ret < 0)
        return ret;
    codec      = avcodec_find_encoder(r->out->oformat->video_codec);
    r->encoder = avcodec_alloc_context3(codec);
    st         = avformat_new_stream(r->out, NULL);
    r->frame   = av_frame_alloc();
    if (!codec || !r->encoder || !st || !r->frame)
        return AVERROR(EINVAL);
    r->frame->format = r->encoder->pix_fmt = AV_PIX_FMT_YUV420P;
    r->frame->width  = r->encoder->width   = par->width  & ~1;
    r->frame->height = r->encoder->height  = par->height & ~1;
    r->encoder->time_base = (AVRational) { 1, 1000 };
    r->encoder->framerate = r->in->streams[0]->avg_frame_rate;
    r->encoder->bit_rate  = 4000000;
    if (r->out->oformat->flags & AVFMT_GLOBALHEADER)
        r->encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    r->sws = sws_getContext(par->width, par->height, par->format, r->frame->width, r->frame->height,
                            r->frame->format, SWS_BILINEAR, NULL, NULL, NULL);
    if (!r->sws || (ret = avcodec_open2(r->encoder, codec, NULL)) < 0 ||
        (ret = av_frame_get_buffer(r->frame, 0)) < 0 ||
        (ret = avcodec_parameters_from_context(st->codecpar, r->encoder)) < 0 ||
        (ret = avio_open(&r->out->pb, file, AVIO_FLAG_WRITE)) < 0)
        return ret < 0 ? ret : AVERROR(ENOMEM);
    st->time_base = r->encoder->time_base;
    return avformat_write_header(r->out, NULL);
}

/** @param frame NULL: the last frames that the encoder has kept */
static int encode(Recording *r, AVFrame *frame, AVPacket *pkt)
{
    int ret = avcodec_send_frame(r->encoder, frame);

    while (ret >= 0 && (ret = avcodec_receive_packet(r->encoder, pkt)) >= 0) {
        av_packet_rescale_ts(pkt, r->encoder->time_base, r->out->streams[0]->time_base);
        ret = av_interleaved_write_frame(r->out, pkt);
    }
    return ret == AVERROR(EAGAIN) || ret == AVERROR_EOF ? 0 : ret;
}

/** The packet is a picture of AV_PIX_FMT_BGR0 without padding, the device's only format. */
static int convert(Recording *r, const AVPacket *pkt, int64_t first)
{
    const AVStream *st = r->in->streams[0];
    const uint8_t *data[4] = { pkt->data };
    const int linesize[4]  = { 4 * st->codecpar->width };
    int64_t pts = av_rescale_q(pkt->pts - first, st->time_base, r->encoder->time_base);
    int ret = av_frame_make_writable(r->frame);

    if (ret < 0 || (r->frame->pts != AV_NOPTS_VALUE && pts <= r->frame->pts))
        return ret < 0 ? ret : AVERROR(EAGAIN);
    r->frame->pts = pts;
    sws_scale(r->sws, data, linesize, 0, st->codecpar->height, r->frame->data, r->frame->linesize);
    return 0;
}

static DWORD WINAPI record(void *opaque)
{
    Recording *r   = opaque;
    AVPacket *pkt  = av_packet_alloc(), *out = av_packet_alloc();
    int64_t first  = AV_NOPTS_VALUE;
    int ret = pkt && out ? 0 : AVERROR(ENOMEM);

    while (ret >= 0 && !interrupted(r) && (ret = av_read_frame(r->in, pkt)) >= 0) {
        if (first == AV_NOPTS_VALUE)
            first = pkt->pts;
        ret = convert(r, pkt, first);
        if (ret >= 0) {
            ret = encode(r, r->frame, out);
            atomic_fetch_add(&r->frames, 1);
        } else if (ret == AVERROR(EAGAIN)) {
            ret = 0;
        }
        av_packet_unref(pkt);
    }
    if (ret == AVERROR_EXIT) /* interrupted() said so */
        ret = 0;
    if (ret >= 0)
        ret = encode(r, NULL, out);
    if (ret >= 0)
        ret = av_write_trailer(r->out);
    av_packet_free(&pkt);
    av_packet_free(&out);
    return ret;
}

static void end(Recording *r)
{
    if (r->out)
        avio_closep(&r->out->pb);
    avformat_free_context(r->out);
    avformat_close_input(&r->in);
    avcodec_free_context(&r->encoder);
    sws_freeContext(r->sws);
    av_frame_free(&r->frame);
    memset(r, 0, sizeof(*r));
}

static int start(Recording *r, const char *source, const char *file)
{
    int ret;

    if (r->thread)
        return AVERROR(EBUSY);
    ret = open_input(r, source);
    if (ret >= 0)
        ret = open_output(r, file);
    if (ret >= 0) {
        r->frame->pts = AV_NOPTS_VALUE;
        r->thread     = CreateThread(NULL, 0, record, r, 0, NULL);
    }
    if (r->thread)
        return 0;
    end(r);
    return ret < 0 ? ret : AVERROR_EXTERNAL;
}

static int stop(Recording *r)
{
    DWORD ret;

    if (!r->thread)
        return AVERROR(EINVAL);
    atomic_store(&r->stop, 1);
    WaitForSingleObject(r->thread, INFINITE);
    GetExitCodeThread(r->thread, &ret);
    CloseHandle(r->thread);
    end(r);
    return (int)ret;
}

static int command(Recording *r, const char *line)
{
    char source[256], file[1024];

    if (!strcmp(line, "list"))
        return list_sources();
    if (!strncmp(line, "rules ", 6))
        return write_rules(line + 6);
    if (sscanf(line, "start %255s %1023[^\r\n]", source, file) == 2)
        return start(r, source, file);
    if (!strcmp(line, "frames"))
        return printf("%d\n", atomic_load(&r->frames)) < 0 ? AVERROR(EIO) : 0;
    if (!strcmp(line, "stop"))
        return stop(r);
    return AVERROR(ENOSYS);
}

int main(void)
{
    Recording recording = { 0 };
    char line[4096];

    setvbuf(stderr, NULL, _IONBF, 0); /* Windows' C library keeps lines back in a pipe */
    avdevice_register_all();
    if (!magnifier()) {
        fprintf(stderr, "this libavdevice has no magnifier\n");
        return 1;
    }
    if (write_rules("") < 0) {
        fprintf(stderr, "the rules cannot be written to " RULES "\n");
        return 1;
    }
    while (fgets(line, sizeof(line), stdin) && (line[strcspn(line, "\r\n")] = 0, strcmp(line, "quit"))) {
        int ret = command(&recording, line);

        if (ret < 0)
            printf("error: %s\n", av_err2str(ret));
        else
            printf("ok\n");
        fflush(stdout);
    }
    if (recording.thread)
        stop(&recording);
    remove(RULES);
    return 0;
}
