/// The pages' files, as they stand in this folder; CMake puts them into the program.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace recorte::account_face {

extern const std::string_view kLoginHtml, kAccountHtml, kMessageHtml;

}  // namespace recorte::account_face
