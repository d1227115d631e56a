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
struct sdnn_primitive { dnnl_primitive_t primitive; const_dnnl_primitive_desc_t description; };

/// The process's one CPU engine and its stream.
int sdnn_engine(dnnl_engine_t *engine, dnnl_stream_t *stream);
/// A copy of `md` on the heap.
int sdnn_wrap(sdnn_md md, sdnn_descriptor **out);
/// Attributes: scratch memory is the caller's, and the post-operations given.
int sdnn_attributes(dnnl_primitive_attr_t *attributes, const sdnn_post_op *post, int posts);
/// The library's name of a function of one number; replaces its factors by those the library wants.
dnnl_alg_kind_t sdnn_function_kind(int function, int of_output, float *alpha, float *beta);
dnnl_alg_kind_t sdnn_binary_kind(int function);
/// Makes the primitive of a description, which it takes over, and gives back the attributes.
int sdnn_finish(
    sdnn_primitive **out, int status, dnnl_primitive_desc_t description, dnnl_primitive_attr_t attributes);

#endif
