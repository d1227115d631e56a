// What the facade's files share.
#ifndef SORA_FACADE_H
#define SORA_FACADE_H

#include <oneapi/dnnl/dnnl.h>
#include "COneDNN.h"

#define SDNN_IS_3 (DNNL_VERSION_MAJOR >= 3)

#if SDNN_IS_3
struct sdnn_descriptor { dnnl_memory_desc_t md; };
typedef const_dnnl_memory_desc_t sdnn_md;
#define MD(descriptor) ((descriptor) ? (descriptor)->md : NULL)
#else
struct sdnn_descriptor { dnnl_memory_desc_t md; };
typedef const dnnl_memory_desc_t *sdnn_md;
#define MD(descriptor) ((descriptor) ? &(descriptor)->md : NULL)
#endif

struct sdnn_memory { dnnl_memory_t memory; };
struct sdnn_primitive {
    dnnl_primitive_t primitive;
    const_dnnl_primitive_desc_t description;
    /// What 3.x is given at each run as its argument of scales; NULL if there are none.
    dnnl_memory_t scales;
    int scales_argument;
};

/// The process's one CPU engine and its stream.
int sdnn_engine(dnnl_engine_t *engine, dnnl_stream_t *stream);
/// The library's name of SDNN_F32 …; undefined for what is none of them.
dnnl_data_type_t sdnn_data_type(int type);
/// A copy of `md` on the heap.
int sdnn_wrap(sdnn_md md, sdnn_descriptor **out);
/// Attributes: scratch memory is the caller's, and the post-operations given.
int sdnn_attributes(dnnl_primitive_attr_t *attributes, const sdnn_post_op *post, int posts);
/// Has results multiplied by `scales`: one, or one for each index of axis 1 where `by_channel`. `groups` says whether
/// the weights have an axis of them.
int sdnn_set_scales(dnnl_primitive_attr_t attributes, const float *scales, int64_t count, int by_channel, int groups);
/// Gives a finished primitive, where `status` says so, what `sdnn_set_scales` announced. Gives back the primitive if
/// that fails.
int sdnn_keep_scales(sdnn_primitive **primitive, int status, const float *scales, int64_t count, int by_channel);
/// The library's name of a function of one number; replaces its factors by those the library wants.
dnnl_alg_kind_t sdnn_function_kind(int function, int of_output, float *alpha, float *beta);
dnnl_alg_kind_t sdnn_binary_kind(int function);
/// Makes the primitive of a description, which it takes over, and gives back the attributes.
int sdnn_finish(
    sdnn_primitive **out, int status, dnnl_primitive_desc_t description, dnnl_primitive_attr_t attributes);

#endif
