/// A survey's coverage, kept beside its index for the server to give away
/// (core/coverage/files.hpp).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

namespace recorte::inspect {

/// Of the images that everyone who may see the survey may see. False, and none is kept, where there
/// are none of known place. `surveys` is the directory of survey files.
Result<bool> publish_coverage(
    const std::filesystem::path& surveys, const std::string& survey,
    const std::function<void(std::size_t done, std::size_t total)>& progress = {});

}  // namespace recorte::inspect
