// LIBSVM as Swift sees it. Debian keeps its header in a folder of its own, Homebrew does not.
#ifndef SORA_CLIBSVM_SHIM_H
#define SORA_CLIBSVM_SHIM_H

#if __has_include(<libsvm/svm.h>)
#include <libsvm/svm.h>
#else
#include <svm.h>
#endif

static inline void sora_svm_print_nothing(const char *text) { (void)text; }
/// What LIBSVM would print, warnings included, goes nowhere.
static inline void sora_svm_be_silent(void) { svm_set_print_string_function(sora_svm_print_nothing); }

#endif
