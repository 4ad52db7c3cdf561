// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/reading.hpp"

#include "core/base/text.hpp"

namespace recorte::api {

Result<cutout::RequestDraft> read_draft(const std::vector<http::Parameter>& parameters) {
  cutout::RequestDraft draft;
  for (const auto& [name, value] : parameters)
    if (!trim(value).empty() || !cutout::find_parameter(name)) RECORTE_TRY(draft.set(name, value));
  return draft;
}

Status takes_none(const std::vector<http::Parameter>& parameters) {
  if (parameters.empty()) return {};
  return fail(ErrorCode::kUsage,
              "unknown parameter '" + parameters.front().name + "'; this page takes none");
}

}  // namespace recorte::api
