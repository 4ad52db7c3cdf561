// SPDX-License-Identifier: BSD-3-Clause
#include "tables.hpp"

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);

namespace {
const void* get_hollow(const char*) {
  static constexpr recorte_algorithm kHollow{sizeof kHollow, 0,          vice::open,
                                             vice::close,    vice::work, nullptr};
  return &kHollow;
}
}  // namespace

VICE_ENTRY(sizeof(recorte_plugin), RECORTE_ABI_MAJOR, 0, nullptr, get_hollow, nullptr)
