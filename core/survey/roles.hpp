/// What the words in EXTNAMEs and file names say of a plane's role: "SCI", "ood", "invvar".
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace recorte::survey {

struct Role {
  std::string_view
      name;  ///< image, weight, variance, mask; "" for planes that Recorte does not serve
  std::string_view why_not;  ///< "" where it is served
};

/// nullopt for a word that says nothing (a CCD's name, an object's).
std::optional<Role> role_of_word(std::string_view word);

}  // namespace recorte::survey
