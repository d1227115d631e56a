// XGBoost's C API as Swift sees it.
#ifndef SORA_CXGBOOST_SHIM_H
#define SORA_CXGBOOST_SHIM_H

#include <xgboost/c_api.h>

#endif
