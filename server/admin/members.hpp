/// The JSON object that a request about accounts brings: texts, yes or no, lists of texts. Private
/// to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/http/request.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::admin {

class Members {
 public:
  enum class Kind { kText, kFlag, kList };
  using Known = std::map<std::string, Kind, std::less<>>;
  /// kUsage for a member that is not `known`, or of another kind; null is as if it were not there.
  static Result<Members> read(const http::Request& request, const Known& known);

  std::optional<std::string> text(std::string_view name) const;
  std::optional<bool> flag(std::string_view name) const;
  std::optional<std::vector<std::string>> list(std::string_view name) const;
  /// kUsage where it is not there, or is "".
  Result<std::string> needed(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> texts_;
  std::map<std::string, bool, std::less<>> flags_;
  std::map<std::string, std::vector<std::string>, std::less<>> lists_;
};

}  // namespace recorte::admin
