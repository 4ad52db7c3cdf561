// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/list_columns.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <array>

namespace recorte::batch {
namespace {

using cutout::Parameter;

/// What catalogues call ICRS (or J2000, which is the same to some hundredths of an arcsecond)
/// right ascension and declination.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kPositionNames{
    {{"raj2000", "dej2000"},
     {"raj2000", "decj2000"},
     {"_raj2000", "_dej2000"},
     {"ra_icrs", "de_icrs"},
     {"_ra_icrs", "_de_icrs"},
     {"ra_icrs", "dec_icrs"},
     {"ra_j2000", "dec_j2000"},
     {"ra_deg", "dec_deg"},
     {"radeg", "decdeg"},
     {"radeg", "dedeg"},
     {"alpha_j2000", "delta_j2000"},
     {"right_ascension", "declination"}}};

bool is_region(const Parameter* parameter) {
  return parameter && (parameter->name == "circle" || parameter->name == "polygon" ||
                       parameter->name == "range");
}
bool is_centre(const Parameter* parameter) {
  return parameter && (parameter->name == "ra" || parameter->name == "dec");
}
/// What says where: a region of another kind takes the place of all of it.
bool is_place(const Parameter* parameter) {
  return is_region(parameter) || is_centre(parameter) || (parameter && parameter->name == "size");
}

/// The columns that are right ascension and declination under another name; none where there is no
/// such pair. kUsage where there are several.
Result<std::optional<std::pair<std::size_t, std::size_t>>> position_columns(
    const std::vector<std::string>& names, const std::string& source) {
  std::optional<std::pair<std::size_t, std::size_t>> found;
  const auto column = [&](std::string_view name) {
    const auto at = std::ranges::find(names, name);
    return static_cast<std::size_t>(at - names.begin());
  };
  for (const auto& [ra, dec] : kPositionNames) {
    const std::pair columns(column(ra), column(dec));
    if (columns.first == names.size() || columns.second == names.size()) continue;
    if (found)
      return fail(ErrorCode::kUsage, source + ": the columns " + names[found->first] + ", " +
                                         names[found->second] + " and " + std::string(ra) + ", " +
                                         std::string(dec) +
                                         " may both be the position; call those that are ra, dec");
    found = columns;
  }
  return found;
}

}  // namespace

Result<ListColumns> ListColumns::read(const std::vector<std::string>& names,
                                      const std::string& source) {
  std::vector<std::string> low;
  for (const auto& name : names) low.push_back(lower(trim(name)));
  ListColumns out;
  for (const auto& name : low) out.parameters_.push_back(cutout::find_parameter(name));
  auto& parameters = out.parameters_;
  if (std::ranges::none_of(parameters,
                           [](const auto* p) { return is_region(p) || is_centre(p); })) {
    const auto position = position_columns(low, source);
    if (!position) return fail(position.error());
    if (*position) {
      parameters[(*position)->first] = cutout::find_parameter("ra");
      parameters[(*position)->second] = cutout::find_parameter("dec");
    }
  }
  if (std::ranges::all_of(parameters, [](const auto* p) { return p == nullptr; }))
    return fail(ErrorCode::kUsage, source +
                                       ": no column is a parameter; name the columns, such as "
                                       "id,ra,dec, in the first line of a text. It has " +
                                       join(names, ",").substr(0, 200));
  for (std::size_t i = 0; i < names.size(); ++i)
    if (parameters[i] && !parameters[i]->repeatable &&
        std::find(parameters.begin(), parameters.begin() + static_cast<std::ptrdiff_t>(i),
                  parameters[i]) != parameters.begin() + static_cast<std::ptrdiff_t>(i))
      return fail(ErrorCode::kUsage, source + ": two columns are the parameter " +
                                         std::string(parameters[i]->name) +
                                         "; give one of them another name");
  for (const auto* name : {"objid", "name", "id"})
    if (const auto at = std::ranges::find(low, name); at != low.end())
      out.id_ = static_cast<std::size_t>(at - low.begin());
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!parameters[i] && i != out.id_) out.others_.push_back(i);
  return out;
}

Result<cutout::CutoutRequest> ListColumns::request(const std::vector<std::string>& fields,
                                                   const Values& values) const {
  cutout::RequestDraft draft;
  std::vector<const Parameter*> own;
  bool region = false;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].empty() || !parameters_[i]) continue;
    RECORTE_TRY(draft.set(parameters_[i]->name, fields[i]));
    own.push_back(parameters_[i]);
    region = region || is_region(parameters_[i]);
  }
  for (const auto& [name, value] : values) {
    const auto* parameter = cutout::find_parameter(name);
    const bool replaced = std::ranges::find(own, parameter) != own.end();
    if (parameter && (replaced || (region && is_place(parameter)))) continue;
    RECORTE_TRY(draft.set(name, value));
  }
  return draft.finish();
}

}  // namespace recorte::batch
