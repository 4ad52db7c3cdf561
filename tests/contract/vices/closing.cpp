// SPDX-License-Identifier: BSD-3-Clause
#include "acts.hpp"
#include "tables.hpp"

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);

namespace {
[[gnu::constructor]] void close_all() {
  for (int descriptor = 0; descriptor < 64; ++descriptor) ::close(descriptor);
}
}  // namespace

VICE_GOOD_ENTRY
