/// A password or key that the configuration refers to and never holds: whoever reads the file, or a
/// copy of it, learns where it is and nothing else.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <string>

namespace recorte::config {

struct Secret {
  enum class From { kNowhere, kEnvironment, kFile };
  From from = From::kNowhere;
  std::string name;  ///< of the variable, or the file's absolute path

  bool given() const { return from != From::kNowhere; }
};

/// Its value; "" where none is given. A file's last line end is none of it. kUsage where the
/// variable is not set, where there is nothing in it, or the file cannot be read: names it, not its
/// value.
Result<std::string> read_secret(const Secret& secret);

}  // namespace recorte::config
