/// For programs that read remote files by themselves, outside of a server: somebody who fetches.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"

namespace recorte::remote {

/// The descriptor of the link that `recorte-tools fetch` is started with.
inline constexpr int kLinkDescriptor = 3;

/// Starts `recorte-tools fetch`, which is beside this program, and ends when the link that is
/// returned is closed. It obeys the configuration that RECORTE_CONFIG names.
Result<Fd> start_fetcher();

}  // namespace recorte::remote
