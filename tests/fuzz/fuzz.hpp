/// What every fuzzer is made of: a function that takes any bytes whatever, and what must be so of
/// them. Crashes, sanitizers' findings, too much time and too much memory libFuzzer finds itself.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::fuzz {

/// Each fuzzer's own.
void attempt(std::string_view input);

/// Ends the program, which is a finding, and says what was not so.
inline void require(bool so, std::string_view what) {
  if (so) return;
  std::fprintf(stderr, "not so: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

/// What stands between the separators, one more than there are of them.
inline std::vector<std::string_view> pieces(std::string_view input, std::string_view separator) {
  std::vector<std::string_view> out;
  for (auto at = input.find(separator); at != input.npos; at = input.find(separator)) {
    out.push_back(input.substr(0, at));
    input.remove_prefix(at + separator.size());
  }
  out.push_back(input);
  return out;
}

}  // namespace recorte::fuzz
