// SPDX-License-Identifier: BSD-3-Clause
#include "tables.hpp"

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);

namespace {
const void* get_short(const char*) {
  static constexpr recorte_algorithm kShort{16, 0, vice::open, vice::close, vice::work, vice::work};
  return &kShort;
}
}  // namespace

VICE_ENTRY(sizeof(recorte_plugin), RECORTE_ABI_MAJOR, 0, nullptr, get_short, nullptr)
