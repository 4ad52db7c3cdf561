/// Removes what stands below a directory that is open, whoever else changes names meanwhile: step
/// by step from one descriptor to the next, and through no link.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"

#include <filesystem>
#include <string>

namespace recorte::batch {

/// A file, a link itself, or a directory with all that is in it, down to kDeepest; nothing where
/// there is none. `path` is for the error, which names what stays.
Status remove_tree(const Fd& parent, const std::string& name, const std::filesystem::path& path);
inline constexpr int kDeepest = 32;

}  // namespace recorte::batch
