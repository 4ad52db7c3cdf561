// SPDX-License-Identifier: BSD-3-Clause
#include "tables.hpp"

RECORTE_EMBED_MANIFEST("{ \"id\": \"vice-broken-manifest\", ");
VICE_GOOD_ENTRY
