/// What one check found.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace recorte::check {

struct Verdict {
  enum class Kind { kOk, kNotOk, kSkipped };
  Kind kind = Kind::kOk;
  std::string why = {};                 ///< of what is not ok, or was skipped
  std::vector<std::string> notes = {};  ///< measurements, one line each
};

inline Verdict ok(std::vector<std::string> notes = {}) {
  return {Verdict::Kind::kOk, "", std::move(notes)};
}
inline Verdict not_ok(std::string why) { return {Verdict::Kind::kNotOk, std::move(why)}; }
inline Verdict skipped(std::string why) { return {Verdict::Kind::kSkipped, std::move(why)}; }

}  // namespace recorte::check
