// libav* as Swift sees it, with `static inline` functions for what Swift cannot import (macros, variadics, fields
// that moved between versions). Written against FFmpeg 5.1 (Debian 12); 6 and 7 differ where the version macros say.
#ifndef SORA_CFFMPEG_SHIM_H
#define SORA_CFFMPEG_SHIM_H

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/mathematics.h>
#include <libavutil/murmur3.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <stdint.h>

// Status codes and sentinels.
static inline int sora_error_again(void) { return AVERROR(EAGAIN); }
static inline int sora_error_end(void) { return AVERROR_EOF; }
static inline int sora_error_access(void) { return AVERROR(EACCES); }
static inline int sora_error_missing(void) { return AVERROR(ENOENT); }
static inline int sora_error_invalid(void) { return AVERROR_INVALIDDATA; }
static inline int sora_error_memory(void) { return AVERROR(ENOMEM); }
static inline int64_t sora_no_timestamp(void) { return AV_NOPTS_VALUE; }

// Frames.
static inline int sora_frame_is_key(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
    return (frame->flags & AV_FRAME_FLAG_KEY) != 0;
#else
    return frame->key_frame != 0;
#endif
}
/// The decoder concealed or could not make out a part of the picture.
static inline int sora_frame_is_damaged(const AVFrame *frame) {
    return (frame->flags & AV_FRAME_FLAG_CORRUPT) != 0 || frame->decode_error_flags != 0;
}
static inline int64_t sora_frame_duration(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    return frame->duration;
#else
    return frame->pkt_duration;
#endif
}

// Side data of a stream; NULL where there is none.
static inline const uint8_t *sora_stream_side_data(const AVStream *stream, enum AVPacketSideDataType type, size_t *size) {
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
    const AVPacketSideData *data = av_packet_side_data_get(
        stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, type);
    *size = data ? data->size : 0;
    return data ? data->data : NULL;
#else
    *size = 0;
    return av_stream_get_side_data(stream, type, size);
#endif
}

// A context may only open what it was given: playlists and references in a file do not reach other files.
static inline int sora_refuse_open(AVFormatContext *s, AVIOContext **pb, const char *url, int flags, AVDictionary **options) {
    (void)s; (void)url; (void)flags; (void)options;
    *pb = NULL;
    return AVERROR(EACCES);
}
static inline void sora_forbid_nested_files(AVFormatContext *context) {
    context->io_open = sora_refuse_open;
    // Readers that open contexts of their own hand down this list, not the callback.
    context->protocol_whitelist = av_strdup("none");
}

// Bit fields of an entry of a container's index.
static inline int sora_entry_flags(const AVIndexEntry *entry) { return entry->flags; }
static inline int sora_entry_size(const AVIndexEntry *entry) { return entry->size; }

static inline AVStream *sora_stream(const AVFormatContext *context, int index) {
    return index >= 0 && (unsigned)index < context->nb_streams ? context->streams[index] : NULL;
}

// Pixel formats.
static inline int sora_format_has_alpha(int format) {
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get((enum AVPixelFormat)format);
    return d && ((d->flags & AV_PIX_FMT_FLAG_ALPHA) || format == AV_PIX_FMT_PAL8);
}
static inline int sora_format_depth(int format) {
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get((enum AVPixelFormat)format);
    return d ? d->comp[0].depth : 0;
}

/// Adds every sample of a picture to a digest: the visible part of each plane, row by row, and the palette if it has one.
static inline void sora_digest_add(struct AVMurMur3 *state, const AVFrame *frame) {
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
    const int planes = av_pix_fmt_count_planes((enum AVPixelFormat)frame->format);
    if (!d) return;
    for (int plane = 0; plane < planes && plane < 4 && frame->data[plane]; plane++) {
        const int bytes = av_image_get_linesize((enum AVPixelFormat)frame->format, frame->width, plane);
        const int shift = plane == 1 || plane == 2 ? d->log2_chroma_h : 0;
        const int rows = AV_CEIL_RSHIFT(frame->height, shift);
        for (int row = 0; row < rows && bytes > 0; row++)
            av_murmur3_update(state, frame->data[plane] + (ptrdiff_t)row * frame->linesize[plane], (size_t)bytes);
    }
    if ((d->flags & AV_PIX_FMT_FLAG_PAL) && frame->data[1]) av_murmur3_update(state, frame->data[1], 1024);
}

/// A conversion from one picture format and size to another in one pass, or NULL.
///
/// The set-up is that of FFmpeg's own `scale` filter: bicubic; the matrix and range that the frame states; BT.601 where it
/// states none; and MPEG-2 chroma siting for 4:2:0.
static inline void *sora_scaler_create(
    int source_width, int source_height, int source_format, int width, int height, int format,
    enum AVColorSpace space, enum AVColorRange range, int flags) {
    struct SwsContext *sws = sws_alloc_context();
    if (!sws) return NULL;
    av_opt_set_int(sws, "srcw", source_width, 0);
    av_opt_set_int(sws, "srch", source_height, 0);
    av_opt_set_int(sws, "src_format", source_format, 0);
    av_opt_set_int(sws, "dstw", width, 0);
    av_opt_set_int(sws, "dsth", height, 0);
    av_opt_set_int(sws, "dst_format", format, 0);
    av_opt_set_int(sws, "sws_flags", flags, 0);
    if (source_format == AV_PIX_FMT_YUV420P) av_opt_set_int(sws, "src_v_chr_pos", 128, 0);
    if (sws_init_context(sws, NULL, NULL) < 0) {
        sws_freeContext(sws);
        return NULL;
    }
    int *inverse, *table, source_full, full, brightness, contrast, saturation;
    // Fails for formats that have no matrix (RGB to RGB), which need none.
    if (sws_getColorspaceDetails(sws, &inverse, &source_full, &table, &full, &brightness, &contrast, &saturation) >= 0) {
        int matrix = space == AVCOL_SPC_RGB || space == AVCOL_SPC_UNSPECIFIED ? SWS_CS_DEFAULT : (int)space;
        const int *coefficients = sws_getCoefficients(matrix);
        if (range != AVCOL_RANGE_UNSPECIFIED) source_full = range == AVCOL_RANGE_JPEG;
        sws_setColorspaceDetails(sws, coefficients, source_full, coefficients, full, brightness, contrast, saturation);
    }
    return sws;
}
static inline int sora_scaler_run(void *scaler, const AVFrame *frame, uint8_t *bytes, int stride) {
    uint8_t *planes[4] = {bytes, NULL, NULL, NULL};
    int strides[4] = {stride, 0, 0, 0};
    return sws_scale(
        (struct SwsContext *)scaler, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, planes, strides);
}
static inline void sora_scaler_free(void *scaler) { sws_freeContext((struct SwsContext *)scaler); }

#endif
