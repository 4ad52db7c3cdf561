/// Structs that a plugin made, brought to the size that this host knows. A plugin of a later minor
/// version makes longer ones, of which the host knows the beginning; one of an earlier minor makes
/// shorter ones, whose missing members are zero. None is shorter than in version 1.0.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "sdk/include/recorte/services.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>

namespace recorte::plugin {

/// A struct as it was frozen in version 1.0. These never change.
struct Frozen {
  const char* name;
  std::size_t size;  ///< bytes
};
template <class T>
inline constexpr Frozen kFrozen{};
template <>
inline constexpr Frozen kFrozen<recorte_plugin>{"recorte_plugin", 32};
template <>
inline constexpr Frozen kFrozen<recorte_survey>{"recorte_survey", 40};
template <>
inline constexpr Frozen kFrozen<recorte_algorithm>{"recorte_algorithm", 40};
template <>
inline constexpr Frozen kFrozen<recorte_source>{"recorte_source", 208};
template <>
inline constexpr Frozen kFrozen<recorte_plane>{"recorte_plane", 48};
template <>
inline constexpr Frozen kFrozen<recorte_output>{"recorte_output", 112};
template <>
inline constexpr Frozen kFrozen<recorte_mosaic_options>{"recorte_mosaic_options", 24};

/// As much of a plugin's struct as this host knows; zero where the plugin knows less. kPlugin, as
/// the end of a sentence, where there is none or it is too short.
template <class T>
Result<T> known(const T* theirs) {
  constexpr auto frozen = kFrozen<T>;
  static_assert(frozen.size != 0, "say how large it was in version 1.0");
  if (theirs == nullptr)
    return fail(ErrorCode::kPlugin, std::string(frozen.name) + " is not there");
  if (theirs->struct_size < frozen.size)
    return fail(ErrorCode::kPlugin, std::string(frozen.name) + " has " +
                                        std::to_string(theirs->struct_size) +
                                        " bytes, too few for ABI 1.0");
  T out{};
  std::memcpy(&out, theirs, std::min<std::size_t>(theirs->struct_size, sizeof out));
  out.struct_size = sizeof out;
  return out;
}

}  // namespace recorte::plugin
