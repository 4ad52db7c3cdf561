// SPDX-License-Identifier: BSD-3-Clause
#include "tables.hpp"

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);
VICE_ENTRY(8, RECORTE_ABI_MAJOR, 0, nullptr, vice::get_algorithm, nullptr)
