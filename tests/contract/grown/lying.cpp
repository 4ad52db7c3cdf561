// SPDX-License-Identifier: BSD-3-Clause
//
// A plugin whose manifest says less than it needs.
#undef RECORTE_TARGET_MINOR
#define RECORTE_TARGET_MINOR 1
#include "../frozen/frozen.cpp"
