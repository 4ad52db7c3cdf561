// SPDX-License-Identifier: BSD-3-Clause
#include "acts.hpp"
#include "tables.hpp"

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);

namespace {
[[gnu::constructor]] void shout() { vice::shout("loading, please wait\n"); }
}  // namespace

VICE_GOOD_ENTRY
