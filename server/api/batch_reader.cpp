// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/batch_reader.hpp"

#include "core/base/text.hpp"
#include "core/cutout/parameters.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace recorte::api {
namespace {

using batch::Values;

constexpr std::array<std::string_view, 3> kRegions{"circle", "polygon", "range"};
/// What a list says of each of its rows.
constexpr std::array<std::string_view, 5> kOfRows{"ra", "dec", "circle", "polygon", "range"};

bool is_region(const std::pair<std::string, std::string>& value) {
  return std::ranges::find(kRegions, value.first) != kRegions.end();
}

/// Names as the table has them; each value is checked by itself.
Result<Values> read_values(const std::vector<job::Parameter>& parameters) {
  Values out;
  for (const auto& [name, value] : parameters) {
    if (equal_ignoring_case(name, "notify")) continue;  // of the job, not of what it makes
    const auto* row = cutout::find_parameter(name);
    if (row && trim(value).empty()) continue;
    cutout::RequestDraft scratch;
    RECORTE_TRY(scratch.set(name, value));
    out.emplace_back(row->name, value);
  }
  return out;
}

/// What is given twice, and what does not fit together.
Status check_variants(const batch::Ask& ask, bool finish) {
  const auto region = ask.regions.empty() ? Values() : ask.regions.front();
  for (const auto& variant : ask.variants) {
    cutout::RequestDraft draft;
    for (const auto& [name, value] : variant) RECORTE_TRY(draft.set(name, value));
    for (const auto& [name, value] : region) RECORTE_TRY(draft.set(name, value));
    if (!finish) continue;
    if (auto request = draft.finish(); !request) return fail(std::move(request).error());
  }
  return {};
}

Status check_list(const Values& values) {
  for (const auto& [name, value] : values)
    if (std::ranges::find(kOfRows, name) != kOfRows.end())
      return fail(ErrorCode::kUsage,
                  "the positions come with the list; leave " + name + "=" + value + " out");
  return {};
}

}  // namespace

Result<batch::Ask> read_ask(const std::vector<job::Parameter>& parameters, bool has_list,
                            bool whole) {
  auto values = read_values(parameters);
  if (!values) return fail(std::move(values).error());
  if (has_list) RECORTE_TRY(check_list(*values));
  batch::Ask out;
  for (const auto& value : *values)
    if (is_region(value)) out.regions.push_back({value});
  std::erase_if(*values, is_region);
  auto variants = batch::variants_of(*values);
  if (!variants) return fail(std::move(variants).error());
  out.variants = std::move(*variants);
  RECORTE_TRY(check_variants(out, whole && !has_list));
  // A stamp, or an image, is said by the variant alone.
  if (whole && !has_list && out.regions.empty()) out.regions.emplace_back();
  return out;
}

service::Reader batch_reader() {
  return [](const std::vector<job::Parameter>& parameters, bool has_list, bool whole,
            const service::Asker&, const std::function<void(Result<batch::Ask>)>& done) {
    done(read_ask(parameters, has_list, whole));
  };
}

}  // namespace recorte::api
