/// Tables of a harmless algorithm, for plugins whose vice lies in a table.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <recorte/algorithm.h>

namespace vice {

inline recorte_status open(const recorte_host*, const recorte_config*, void**, recorte_error*) {
  return RECORTE_OK;
}
inline void close(void*) {}
inline recorte_status work(void*, const recorte_job*, recorte_error*) { return RECORTE_OK; }

inline constexpr recorte_algorithm kAlgorithm{
    sizeof(recorte_algorithm), 0, open, close, work, work};
inline const void* get_algorithm(const char*) { return &kAlgorithm; }

}  // namespace vice

/// The entry point, with a recorte_plugin of these members.
#define VICE_ENTRY(...)                                                                         \
  RECORTE_EXPORT const recorte_plugin* recorte_plugin_v1(const recorte_host*, recorte_error*) { \
    static constexpr recorte_plugin kPlugin{__VA_ARGS__};                                       \
    return &kPlugin;                                                                            \
  }
#define VICE_GOOD_ENTRY \
  VICE_ENTRY(sizeof(recorte_plugin), RECORTE_ABI_MAJOR, 0, nullptr, vice::get_algorithm, nullptr)
