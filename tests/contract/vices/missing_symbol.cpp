// SPDX-License-Identifier: BSD-3-Clause
#include "tables.hpp"

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);
