// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/front/position_list.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/command/front/destination.hpp"
#include "core/command/front/sky_order.hpp"
#include "core/cutout/parameters.hpp"
#include "core/table/csv.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <unordered_set>

namespace recorte::command {
namespace {

constexpr std::size_t kBadRowsNamed = 10;
constexpr std::size_t kMostRows = 20'000'000;

/// Letters, digits and -_.+ stay: a name for a file, from any id. A key of WebDataset ends at its
/// first dot, so there it has none.
std::string file_name(const std::string& id, Layout layout) {
  const std::string_view good = layout == Layout::kWebDataset ? "-_+" : "-_.+";
  std::string out;
  for (const char c : id.substr(0, 128))
    out += std::isalnum(static_cast<unsigned char>(c)) || good.find(c) != good.npos ? c : '_';
  return out.empty() || out[0] == '.' ? "_" + out : out;
}

}  // namespace

class PositionList::Reading {
 public:
  Reading(const CutOptions& options, Container container, PositionList& list)
      : options_(options), container_(container), list_(list) {}

  Status columns(const std::vector<std::string>& names) {
    for (const auto& name : names) columns_.push_back(lower(name));
    for (const auto& name : columns_) parameters_.push_back(cutout::find_parameter(name));
    if (std::ranges::all_of(parameters_, [](const auto* p) { return p == nullptr; }))
      return fail(ErrorCode::kUsage, options_.positions.string() +
                                         ": the first line must name the columns, such as "
                                         "id,ra,dec; it has " +
                                         join(names, ","));
    for (const auto* name : {"objid", "name", "id"})
      if (const auto at = std::ranges::find(columns_, name); at != columns_.end())
        id_ = static_cast<std::size_t>(at - columns_.begin());
    return {};
  }

  Status row(const std::vector<std::string>& fields, int line) {
    const auto number = ++rows_;
    auto request = request_of(fields);
    if (request)
      if (auto good = check(*request); !good) request = fail(std::move(good).error());
    if (!request) {
      bad_.push_back(options_.positions.string() + ":" + std::to_string(line) + ": " +
                     request.error().message);
      return bad_.size() < kBadRowsNamed ? Status() : finish();
    }
    if (!bad_.empty()) return {};
    const auto id = id_ ? fields[*id_] : std::to_string(number);
    auto name = file_name(id, options_.layout);
    for (auto more = number; !used_.insert(name).second; ++more)
      name = file_name(id, options_.layout) + "_" + std::to_string(more);
    keep(id, name, *request);
    return {};
  }

  Status finish() {
    if (!bad_.empty())
      return fail(ErrorCode::kUsage,
                  "the list cannot be used; nothing was cut\n  " + join(bad_, "\n  "));
    if (rows_ == 0) return fail(ErrorCode::kUsage, options_.positions.string() + " has no rows");
    list_.order_ = order_.sorted();
    return {};
  }

 private:
  /// The parameters of one row: the options', where the row's own do not take their place.
  Result<cutout::CutoutRequest> request_of(const std::vector<std::string>& fields) const {
    cutout::RequestDraft draft;
    std::set<std::string_view> own;
    bool region = false;
    for (std::size_t c = 0; c < fields.size(); ++c) {
      if (fields[c].empty() || !parameters_[c]) continue;
      const std::string_view name = parameters_[c]->name;
      RECORTE_TRY(draft.set(name, fields[c]));
      own.insert(name);
      region = region || name == "circle" || name == "polygon" || name == "range";
    }
    for (const auto& [name, value] : options_.parameters)
      if (!own.count(name) && !(region && name == "size")) RECORTE_TRY(draft.set(name, value));
    return draft.finish();
  }

  /// What the container asks of every row.
  Status check(const cutout::CutoutRequest& request) {
    if (options_.layout == Layout::kWebDataset &&
        (std::isfinite(request.lambda_min) || std::isfinite(request.lambda_max)))
      return fail(ErrorCode::kUsage,
                  "the layout webdataset has a file for each band; name bands, not a wavelength");
    if (container_ != Container::kShards) return {};
    if (request.format != cutout::Format::kFits)
      return fail(ErrorCode::kUsage, "HDF5 holds pixels to measure; leave format out");
    const auto* box = std::get_if<sky::Box>(&request.stencil);
    if (!box || box->width.unit != Extent::Unit::kPixel || box->height.unit != Extent::Unit::kPixel)
      return {};
    if (!size_) size_ = {box->width, box->height};
    if (*size_ == std::pair(box->width, box->height)) return {};
    return fail(ErrorCode::kUsage,
                "the size " + extent_text(box->width) + "," + extent_text(box->height) +
                    " differs from the first row's, and all rows of HDF5 have "
                    "one size: " +
                    extent_text(size_->first) + "," + extent_text(size_->second));
  }

  void keep(const std::string& id, const std::string& name, const cutout::CutoutRequest& request) {
    const auto text = cutout::canonical(request);
    list_.rows_.push_back({list_.text_.size(), static_cast<std::uint32_t>(id.size()),
                           static_cast<std::uint32_t>(name.size()),
                           static_cast<std::uint32_t>(text.size())});
    list_.text_ += id;
    list_.text_ += name;
    list_.text_ += text;
    list_.surveys_.insert(request.survey);
    order_.add(request.survey, sky::to_position(sky::bounding_cap(request.stencil, 0).centre));
  }

  const CutOptions& options_;
  const Container container_;
  PositionList& list_;
  std::vector<std::string> columns_;
  std::vector<const cutout::Parameter*> parameters_;  ///< of each column; null: none
  std::optional<std::size_t> id_;
  std::size_t rows_ = 0;
  std::vector<std::string> bad_;
  std::unordered_set<std::string> used_;
  std::optional<std::pair<Extent, Extent>> size_;  ///< of the first row, for HDF5
  SkyOrder order_;
};

Result<PositionList> PositionList::read(const CutOptions& options) {
  table::CsvLimits limits;
  limits.rows = kMostRows;
  const auto container = container_of(options.output);
  if (!container) return fail(container.error());
  auto text = read_file(options.positions, limits.bytes);
  if (!text) return fail(std::move(text).error());
  PositionList list;
  Reading reading(options, *container, list);
  table::CsvVisitor visitor;
  visitor.columns = [&](const auto& names) { return reading.columns(names); };
  visitor.row = [&](const auto& fields, int line) { return reading.row(fields, line); };
  RECORTE_TRY(table::visit_csv(*text, options.positions.string(), visitor, limits));
  RECORTE_TRY(reading.finish());
  return list;
}

cutout::CutoutRequest PositionList::request(std::size_t row) const {
  return cutout::parse_canonical(request_text(row)).value();  // it was written by canonical()
}

}  // namespace recorte::command
