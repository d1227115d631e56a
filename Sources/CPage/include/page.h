#ifndef SORA_PAGE_H
#define SORA_PAGE_H

#include <stddef.h>

/// The server's page, its script and its style, and the description of the API, as they lie beside the source.
const unsigned char *sora_page(void);
const unsigned char *sora_script(void);
const unsigned char *sora_style(void);
const unsigned char *sora_description(void);

/// Their bytes.
size_t sora_page_size(void);
size_t sora_script_size(void);
size_t sora_style_size(void);
size_t sora_description_size(void);

#endif
