// What encoding needs of libav* beyond plain imports: macros that Swift cannot see, and calls over C arrays.
#ifndef SORA_CFFMPEG_ENCODING_H
#define SORA_CFFMPEG_ENCODING_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/cpu.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>

/// A scaler from full-range RGB to limited-range BT.709, or to full-range BT.601 where that is for JPEG, both of the
/// same size; NULL if there is none.
/// A `void *`, as its type is opaque in some versions of libswscale and not in others.
static inline void *sora_encode_scaler(int width, int height, enum AVPixelFormat to) {
    struct SwsContext *context = sws_getContext(
        width, height, AV_PIX_FMT_RGB24, width, height, to,
        SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INP, NULL, NULL, NULL);
    if (context) {
        const int is_jpeg = to == AV_PIX_FMT_YUVJ420P;
        const int *table = sws_getCoefficients(is_jpeg ? SWS_CS_ITU601 : SWS_CS_ITU709);
        sws_setColorspaceDetails(context, table, 1, table, is_jpeg, 0, 1 << 16, 1 << 16);
    }
    return context;
}

/// Converts the whole of one picture into another of the same size; the height on success.
static inline int sora_encode_convert(void *context, const AVFrame *from, AVFrame *to) {
    return sws_scale((struct SwsContext *)context, (const uint8_t *const *)from->data, from->linesize, 0, from->height,
                     to->data, to->linesize);
}

static inline void sora_encode_free_scaler(void *context) { sws_freeContext((struct SwsContext *)context); }

/// Sets an option of an encoder or a muxer, or of what it wraps.
static inline int sora_encode_set(void *object, const char *name, const char *value) {
    return av_opt_set(object, name, value, AV_OPT_SEARCH_CHILDREN);
}

#endif
