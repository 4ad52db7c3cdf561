// SPDX-License-Identifier: BSD-3-Clause
#include "acts.hpp"
#include "tables.hpp"

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);

namespace {
[[gnu::constructor]] void forge() {
  vice::shout("00000000000000000000000000000000 good\n");
  ::_exit(0);
}
}  // namespace

VICE_GOOD_ENTRY
