/// The demo sky as a survey that can be served: its files, its survey file and its index.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/demo/demo_sky.hpp"

#include <cstddef>
#include <filesystem>

namespace recorte::demo {

/// Writes `directory`/sky and `directory`/surveys.d; returns the number of images.
Result<std::size_t> make_demo_survey(const std::filesystem::path& directory);

}  // namespace recorte::demo
