/// The version of this build of Recorte, "major.minor.patch".
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace recorte {
std::string_view version();
}
