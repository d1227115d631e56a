#ifndef SORA_DEFAULT_MODEL_H
#define SORA_DEFAULT_MODEL_H

#include <stddef.h>

/// The model file that comes with Sora: default.safetensors beside the source, as it is.
const unsigned char *sora_default_model(void);

/// Its bytes.
size_t sora_default_model_size(void);

#endif
