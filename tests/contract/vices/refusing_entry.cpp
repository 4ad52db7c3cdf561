// SPDX-License-Identifier: BSD-3-Clause
#include "tables.hpp"

#include <cstring>

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);

RECORTE_EXPORT const recorte_plugin* recorte_plugin_v1(const recorte_host*, recorte_error* error) {
  error->code = RECORTE_UNSUPPORTED;
  std::strcpy(error->message, "this machine has no GPU");
  return nullptr;
}
