// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/ask.hpp"

#include "core/base/size.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "core/batch/file_names.hpp"
#include "core/batch/plan.hpp"
#include "core/cutout/parameters.hpp"
#include "core/table/visit.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <set>

namespace recorte::batch {
namespace {

constexpr std::size_t kBadRowsNamed = 10;
constexpr std::size_t kMostColumns = 900;  // of a list: a FITS manifest has 999 in all
constexpr std::size_t kLongestSentence = 500;
constexpr std::size_t kLongestSuffix = 48;
/// Of all requests of a plan, which is on disk.
constexpr std::size_t kLongestRequests = std::size_t{4} << 30;

/// Parameters that are not the same in all variants: they tell files of a row apart. The ending
/// tells the format.
std::vector<const cutout::Parameter*> varying(const std::vector<Values>& variants) {
  std::vector<const cutout::Parameter*> out;
  for (const auto& parameter : cutout::parameters()) {
    std::set<std::vector<std::string>> seen;
    for (const auto& variant : variants) {
      std::vector<std::string> values;
      for (const auto& [name, value] : variant)
        if (equal_ignoring_case(name, parameter.name)) values.push_back(value);
      seen.insert(values);
    }
    if (seen.size() > 1 && parameter.name != "format") out.push_back(&parameter);
  }
  return out;
}

/// "demo_0.05500_+10.00500", or the image that is asked for: what a region is called that its user
/// gave no id.
std::string region_name(const cutout::CutoutRequest& request) {
  if (!request.image.empty()) return request.image;
  const auto centre = sky::to_position(sky::bounding_cap(request.stencil, 0).centre);
  std::array<char, 64> place{};
  std::snprintf(place.data(), place.size(), "_%.5f_%+.5f", centre.ra, centre.dec);
  return request.survey + place.data();
}

/// Makes products of rows, and notes what is wrong with them.
class Expansion {
 public:
  /// `what` is asked for, in complaints.
  Expansion(const Ask& ask, const Bounds& bounds, const std::filesystem::path& plan,
            std::string_view what)
      : ask_(ask), bounds_(bounds), path_(plan), what_(what), varying_(varying(ask.variants)) {}

  Status begin(const std::vector<std::string>& columns) {
    auto plan = PlanWriter::create(path_, columns);
    if (!plan) return fail(std::move(plan).error());
    plan_ = std::move(*plan);
    return {};
  }

  /// `request_of` a variant; `where` names the row in complaints.
  template <class RequestOf>
  Status row(Planned row, const RequestOf& request_of, const std::string& where) {
    ++done_.positions;
    std::set<std::string> known;
    for (const auto& variant : ask_.variants) {
      // Those that turn out to be the same count: they are work, too.
      if (++tried_ > bounds_.products) return too_many();
      const Result<cutout::CutoutRequest> request = request_of(variant);
      if (!request) return bad(where, request.error().message);
      row.request = cutout::canonical(*request);
      // A value of the row's own makes several variants the same.
      if (!known.insert(row.request).second) continue;
      ++done_.products;
      requests_ += row.request.size();
      if (requests_ > kLongestRequests)
        return fail(ErrorCode::kTooLarge, "the parameters of all products of " +
                                              std::string(what_) + " are longer than " +
                                              size_text(kLongestRequests) +
                                              "; split it, or send shorter ones");
      if (!bad_.empty()) continue;
      row.name = name_of(row, *request);
      RECORTE_TRY(plan_->add(row));
    }
    return {};
  }

  Status bad(const std::string& where, const std::string& why) {
    auto sentence = where + ": " + why;
    if (sentence.size() > kLongestSentence) sentence = sentence.substr(0, kLongestSentence) + "...";
    bad_.push_back(good_utf8(sentence));
    return bad_.size() < kBadRowsNamed ? Status() : complaint();
  }
  bool complains() const { return !bad_.empty(); }
  Status complaint() const {
    return fail(
        ErrorCode::kUsage,
        std::string(what_) + " cannot be used, and nothing was accepted:\n  " + join(bad_, "\n  "));
  }

  Result<Expanded> finish() {
    RECORTE_TRY(plan_->finish());
    return done_;
  }

 private:
  Status too_many() const {
    return fail(ErrorCode::kTooLarge,
                std::string(what_) + " makes more than " + std::to_string(bounds_.products) +
                    " products, which is the most a job may make (its positions in " +
                    std::to_string(ask_.variants.size()) +
                    " variants); split it, or ask for fewer surveys, bands or formats");
  }

  std::string name_of(const Planned& row, const cutout::CutoutRequest& request) {
    const bool called = !row.id.empty();
    auto stem = safe_name(called ? row.id : region_name(request));
    for (const auto* parameter : varying_) {
      // A region's name says these already.
      if (!called && (parameter->name == "survey" || parameter->name == "image")) continue;
      if (const auto value = parameter->get(request); !value.empty())
        stem += "_" + safe_name(value, kSafeMarks, kLongestSuffix);
    }
    return names_.give(stem.substr(0, 200), cutout::file_ending(request.format), row.row);
  }

  const Ask& ask_;
  const Bounds bounds_;
  const std::filesystem::path path_;
  const std::string_view what_;
  const std::vector<const cutout::Parameter*> varying_;
  std::optional<PlanWriter> plan_;
  FileNames names_;
  std::vector<std::string> bad_;
  Expanded done_;
  std::int64_t tried_ = 0;  ///< products, before those of a row that are the same
  std::size_t requests_ = 0;
};

}  // namespace

Status check(const Ask& ask, const Bounds& bounds) {
  const auto positions = ask.regions.size();
  if (positions > static_cast<std::size_t>(bounds.positions))
    return fail(ErrorCode::kTooLarge, std::to_string(positions) + " regions; a job may have " +
                                          std::to_string(bounds.positions));
  const auto most = static_cast<std::size_t>(bounds.products);
  if (std::max<std::size_t>(positions, 1) > most / std::max<std::size_t>(ask.variants.size(), 1))
    return fail(ErrorCode::kTooLarge,
                "the request makes more than " + std::to_string(most) + " products (" +
                    std::to_string(std::max<std::size_t>(positions, 1)) + " positions in " +
                    std::to_string(ask.variants.size()) +
                    " variants), which is the most a job may make; split it, or ask for fewer "
                    "surveys, bands or formats");
  return {};
}

Result<Expanded> expand(const Ask& ask, const Bounds& bounds, const std::filesystem::path& plan) {
  if (ask.regions.empty())
    return fail(ErrorCode::kUsage,
                "no region is asked for; give ra, dec and size, a circle, a polygon, a range, or "
                "a list");
  RECORTE_TRY(check(ask, bounds));
  Expansion expansion(ask, bounds, plan, "the request");
  RECORTE_TRY(expansion.begin({}));
  for (std::size_t i = 0; i < ask.regions.size(); ++i) {
    const auto request_of = [&](const Values& variant) -> Result<cutout::CutoutRequest> {
      cutout::RequestDraft draft;
      for (const auto* values : {&ask.regions[i], &variant})
        for (const auto& [name, value] : *values) RECORTE_TRY(draft.set(name, value));
      return draft.finish();
    };
    RECORTE_TRY(expansion.row({.row = i + 1, .id = {}, .name = {}, .request = {}, .columns = {}},
                              request_of, "region " + std::to_string(i + 1)));
  }
  if (expansion.complains()) return fail(expansion.complaint().error());
  return expansion.finish();
}

Result<Expanded> expand(const Ask& ask, std::string_view list, const std::string& source,
                        const Bounds& bounds, const std::filesystem::path& plan) {
  RECORTE_TRY(check(ask, bounds));
  Expansion expansion(ask, bounds, plan, "the list");
  ListColumns columns;
  std::uint64_t rows = 0;
  table::RowVisitor visitor;
  visitor.columns = [&](const auto& names) -> Status {
    auto read = ListColumns::read(names, source);
    if (!read) return fail(std::move(read).error());
    columns = std::move(*read);
    std::vector<std::string> carried;
    for (const auto at : columns.others()) carried.push_back(names[at]);
    return expansion.begin(carried);
  };
  visitor.row = [&](auto& fields, table::Place place) -> Status {
    Planned row;
    row.row = ++rows;
    row.id = columns.id() ? fields[*columns.id()] : std::to_string(rows);
    for (const auto at : columns.others()) row.columns.push_back(std::move(fields[at]));
    return expansion.row(
        std::move(row), [&](const Values& variant) { return columns.request(fields, variant); },
        place.in(source));
  };
  visitor.bad_row = [&](table::Place place, const std::string& why) {
    ++rows;
    return expansion.bad(place.in(source), why);
  };
  table::Limits limits;
  limits.columns = kMostColumns;
  limits.rows = static_cast<std::size_t>(std::max<std::int64_t>(bounds.positions, 0));
  if (auto read = table::visit_table(list, source, visitor, limits); !read)
    return fail(read.error().code, good_utf8(read.error().message));  // it may quote the list
  if (expansion.complains()) return fail(expansion.complaint().error());
  if (rows == 0) return fail(ErrorCode::kUsage, source + " has no rows");
  return expansion.finish();
}

}  // namespace recorte::batch
