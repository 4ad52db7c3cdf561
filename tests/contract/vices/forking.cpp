// SPDX-License-Identifier: BSD-3-Clause
#include "acts.hpp"
#include "tables.hpp"

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);

namespace {
[[gnu::constructor]] void leave_someone_behind() {
  if (::fork() == 0) vice::loop();
}
}  // namespace

VICE_GOOD_ENTRY
