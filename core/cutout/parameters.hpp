/// The one table of request parameters. The command line, the canonical text, and later SODA, JSON
/// and OpenAPI, and the reference page (docs/reference/parameters.md) are served from it, so that a
/// parameter is parsed in one place and means the same everywhere.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/request.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace recorte::cutout {

/// A request while its parameters arrive, in any order.
class RequestDraft {
 public:
  /// One parameter by its name in the table (case-insensitive). kUsage names an unknown one and the
  /// nearest known; a single-valued one given twice is refused with kMultiValued.
  Status set(std::string_view name, std::string_view value);
  /// The request, once position or region, survey and the rest fit together.
  Result<CutoutRequest> finish() const;

  CutoutRequest request;
  std::optional<double> ra, dec;  ///< with size: a stamp
  std::optional<std::pair<Extent, Extent>> size;
  std::optional<sky::Stencil> region;  ///< circle, polygon or range

 private:
  std::vector<std::string_view> given_;
};

struct Parameter {
  std::string_view name;     ///< in the API and, after "--", on the command line
  std::string_view soda;     ///< in SODA; "" where SODA has none
  std::string_view syntax;   ///< of the value, for usage lines: "DEGREES"
  std::string_view help;     ///< one sentence
  std::string_view example;  ///< a value that is accepted
  bool repeatable;           ///< may be given several times
  Status (*set)(RequestDraft& draft, std::string_view value);
  /// The canonical value; "" where it is the default.
  std::string (*get)(const CutoutRequest& request);
};

std::span<const Parameter> parameters();
const Parameter* find_parameter(std::string_view name);
/// docs/reference/parameters.md, from the table.
std::string parameters_markdown();

}  // namespace recorte::cutout
