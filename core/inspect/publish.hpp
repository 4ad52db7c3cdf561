/// A survey's coverage, kept beside its index for the server to give away
/// (core/coverage/files.hpp).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/inspect/where.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace recorte::inspect {

/// Of the images that everyone who may see the survey may see. False, and none is kept, where there
/// are none of known place.
Result<bool> publish_coverage(
    const Where& where, const std::string& survey,
    const std::function<void(std::size_t done, std::size_t total)>& progress = {});

}  // namespace recorte::inspect
