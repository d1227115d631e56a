// One way to write down a primitive for both major versions: 2.x fills in an operation descriptor and makes a
// description of it, 3.x makes the description at once.
#ifndef SORA_BUILD_H
#define SORA_BUILD_H

#include "facade.h"

/// Declares what a builder needs and makes the attributes; returns from the function if that fails.
#define BEGIN(post, posts) \
    dnnl_engine_t engine; \
    dnnl_primitive_attr_t attributes = NULL; \
    dnnl_primitive_desc_t description = NULL; \
    int status = sdnn_engine(&engine, NULL); \
    *out = NULL; \
    if (status == dnnl_success) status = sdnn_attributes(&attributes, post, posts); \
    if (status != dnnl_success) return status

#if !SDNN_IS_3
/// Runs `init` on an operation descriptor of `type`, then makes `result` of it.
#define DESCRIBE(result, type, hint, init) \
    do { \
        type operation; \
        status = init; \
        if (status == dnnl_success) \
            status = dnnl_primitive_desc_create(&result, &operation, attributes, engine, hint); \
    } while (0)
#endif

#define FINISH return sdnn_finish(out, status, description, attributes)
/// The same where a description of the forward primitive was needed on the way.
#define FINISH_WITH_HINT \
    int finished = sdnn_finish(out, status, description, attributes); \
    if (hint) dnnl_primitive_desc_destroy(hint); \
    return finished

#endif
