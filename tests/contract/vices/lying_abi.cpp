// SPDX-License-Identifier: BSD-3-Clause
#include "tables.hpp"

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);
VICE_ENTRY(sizeof(recorte_plugin), 9, 0, nullptr, vice::get_algorithm, nullptr)
