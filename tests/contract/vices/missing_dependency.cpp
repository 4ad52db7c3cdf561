// SPDX-License-Identifier: BSD-3-Clause
#include "tables.hpp"

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);

RECORTE_EXTERN_C int vice_ghost(void);

RECORTE_EXPORT const recorte_plugin* recorte_plugin_v1(const recorte_host*, recorte_error*) {
  static const recorte_plugin kPlugin{sizeof kPlugin, RECORTE_ABI_MAJOR,   0,
                                      nullptr,        vice::get_algorithm, nullptr};
  return vice_ghost() == 0 ? &kPlugin : nullptr;
}
