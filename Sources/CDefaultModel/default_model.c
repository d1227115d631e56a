#include "default_model.h"

// Newer than what Swift's packages may ask of C; the compiler has it.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char bytes[] = {
#embed "default.safetensors"
};

const unsigned char *sora_default_model(void) { return bytes; }

size_t sora_default_model_size(void) { return sizeof bytes; }
