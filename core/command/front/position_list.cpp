// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/front/position_list.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/batch/file_names.hpp"
#include "core/batch/list_columns.hpp"
#include "core/batch/sky_order.hpp"
#include "core/command/front/destination.hpp"
#include "core/table/csv.hpp"

#include <cmath>
#include <optional>

namespace recorte::command {
namespace {

constexpr std::size_t kBadRowsNamed = 10;
constexpr std::size_t kMostRows = 20'000'000;

/// A key of WebDataset ends at its first dot, so there a name has none.
std::string_view marks_of(Layout layout) {
  return layout == Layout::kWebDataset ? "-_+" : batch::kSafeMarks;
}

}  // namespace

class PositionList::Reading {
 public:
  Reading(const CutOptions& options, Container container, PositionList& list)
      : options_(options), container_(container), list_(list) {}

  Status columns(const std::vector<std::string>& names) {
    auto columns = batch::ListColumns::read(names, options_.positions.string());
    if (!columns) return fail(std::move(columns).error());
    columns_ = std::move(*columns);
    return {};
  }

  Status row(const std::vector<std::string>& fields, table::Place place) {
    const auto number = ++rows_;
    auto request = columns_.request(fields, options_.parameters);
    if (request)
      if (auto good = check(*request); !good) request = fail(std::move(good).error());
    if (!request) {
      bad_.push_back(place.in(options_.positions.string()) + ": " + request.error().message);
      return bad_.size() < kBadRowsNamed ? Status() : finish();
    }
    if (!bad_.empty()) return {};
    const auto id = columns_.id() ? fields[*columns_.id()] : std::to_string(number);
    const auto name = names_.give(batch::safe_name(id, marks_of(options_.layout)), "", number);
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
  batch::ListColumns columns_;
  std::size_t rows_ = 0;
  std::vector<std::string> bad_;
  batch::FileNames names_;
  std::optional<std::pair<Extent, Extent>> size_;  ///< of the first row, for HDF5
  batch::SkyOrder order_;
};

Result<PositionList> PositionList::read(const CutOptions& options) {
  table::Limits limits;
  limits.rows = kMostRows;
  const auto container = container_of(options.output);
  if (!container) return fail(container.error());
  auto text = read_file(options.positions, limits.bytes);
  if (!text) return fail(std::move(text).error());
  PositionList list;
  Reading reading(options, *container, list);
  table::RowVisitor visitor;
  visitor.columns = [&](const auto& names) { return reading.columns(names); };
  visitor.row = [&](const auto& fields, table::Place place) { return reading.row(fields, place); };
  RECORTE_TRY(table::visit_csv(*text, options.positions.string(), visitor, limits));
  RECORTE_TRY(reading.finish());
  return list;
}

cutout::CutoutRequest PositionList::request(std::size_t row) const {
  return cutout::parse_canonical(request_text(row)).value();  // it was written by canonical()
}

}  // namespace recorte::command
