// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/basic_text.hpp"

#include "core/base/text.hpp"

namespace recorte::net {

std::string basic_text(std::string_view text) {
  std::string out;
  for (const char c : url_encode(text))
    if (c == ':')
      out += "%3A";
    else if (c == '/')
      out += "%2F";
    else if (c == ',')
      out += "%2C";
    else
      out += c;
  return out;
}

}  // namespace recorte::net
