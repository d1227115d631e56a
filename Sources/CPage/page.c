#include "page.h"

// Newer than what Swift's packages may ask of C; the compiler has it.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char page[] = {
#embed "page.html"
};

static const unsigned char script[] = {
#embed "app.js"
};

static const unsigned char style[] = {
#embed "app.css"
};

static const unsigned char description[] = {
#embed "openapi.json"
};

const unsigned char *sora_page(void) { return page; }
const unsigned char *sora_script(void) { return script; }
const unsigned char *sora_style(void) { return style; }
const unsigned char *sora_description(void) { return description; }

size_t sora_page_size(void) { return sizeof page; }
size_t sora_script_size(void) { return sizeof script; }
size_t sora_style_size(void) { return sizeof style; }
size_t sora_description_size(void) { return sizeof description; }
