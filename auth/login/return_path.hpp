/// Where a browser goes after it has signed in: a page of ours, and never one elsewhere, whatever a
/// link says.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace recorte::auth {

/// The path where it is one of ours, "/path?query"; "/" where it is not.
std::string own_path(std::string_view path);

}  // namespace recorte::auth
