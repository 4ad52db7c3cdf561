// SPDX-License-Identifier: BSD-3-Clause
#include "tables.hpp"

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);

namespace {
const void* get_nothing(const char*) { return nullptr; }
}  // namespace

VICE_ENTRY(sizeof(recorte_plugin), RECORTE_ABI_MAJOR, 0, nullptr, get_nothing, nullptr)
