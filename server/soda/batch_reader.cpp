// SPDX-License-Identifier: BSD-3-Clause
#include "server/soda/batch_reader.hpp"

#include "core/base/text.hpp"
#include "server/soda/query.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <string_view>
#include <utility>

namespace recorte::soda {
namespace {

using batch::Values;

/// What each combination or region says for itself.
constexpr std::array<std::string_view, 11> kOwn{"survey", "release", "image",     "ra",
                                                "dec",    "size",    "circle",    "polygon",
                                                "range",  "time",    "wavelength"};

/// A job's words, read.
struct Wanted {
  Query query;
  std::string size;  ///< of a list's stamps; "" where it is left to the list
};

Result<Wanted> read_words(const std::vector<job::Parameter>& parameters, bool has_list) {
  Wanted out;
  std::vector<http::Parameter> rest;
  for (const auto& [name, value] : parameters) {
    if (!has_list || !equal_ignoring_case(name, "SIZE")) {
      rest.push_back({name, value});
    } else if (!out.size.empty()) {
      return fail(ErrorCode::kMultiValued, "SIZE is given twice; give it once");
    } else {
      cutout::RequestDraft scratch;
      if (auto good = scratch.set("size", value); !good)
        return fail(good.error().code, "SIZE: " + good.error().message);
      out.size = value;
    }
  }
  auto query = read_query(rest);
  if (!query) return fail(std::move(query).error());
  out.query = std::move(*query);
  for (auto* values : {&out.query.ids, &out.query.bands, &out.query.times})
    *values = batch::distinct(*values);
  return out;
}

/// FILTER, PLANES, FORMAT and so on, which hold for all.
Values common_values(const cutout::CutoutRequest& request) {
  Values out;
  for (const auto& row : cutout::parameters()) {
    if (std::ranges::find(kOwn, row.name) != kOwn.end()) continue;
    if (auto value = row.get(request); !value.empty()) out.emplace_back(row.name, std::move(value));
  }
  for (const auto& [name, value] : request.params) out.emplace_back("param", name + "=" + value);
  return out;
}

Values region_values(const sky::Stencil& stencil) {
  cutout::CutoutRequest request;
  request.stencil = stencil;
  Values out;
  for (const auto* name : {"circle", "polygon", "range"})
    if (auto value = cutout::find_parameter(name)->get(request); !value.empty())
      out.emplace_back(name, std::move(value));
  return out;
}

Values common_of(const Wanted& wanted) {
  auto out = common_values(wanted.query.common.request);
  if (!wanted.size.empty()) out.emplace_back("size", wanted.size);
  return out;
}

batch::Ask ask_of(const Wanted& wanted, const std::vector<service::Identified>& data) {
  std::vector<Values> variants;
  for (const auto& [survey, release, image] : data) {
    variants.push_back({{"survey", survey}});
    if (!release.empty()) variants.back().emplace_back("release", release);
    if (!image.empty()) variants.back().emplace_back("image", image);
  }
  if (variants.empty()) variants.emplace_back();
  batch::multiply(variants, "wavelength", wanted.query.bands);
  batch::multiply(variants, "time", wanted.query.times);

  const auto common = common_of(wanted);
  batch::Ask out;
  out.variants = std::move(variants);
  for (auto& variant : out.variants) variant.insert(variant.end(), common.begin(), common.end());
  for (const auto& region : wanted.query.regions) out.regions.push_back(region_values(region));
  return out;
}

/// Before anything is multiplied, or an ID looked up.
Status check_size(const Wanted& wanted) {
  const std::array factors{batch::Factor{"ID", wanted.query.ids.size()},
                           batch::Factor{"BAND", wanted.query.bands.size()},
                           batch::Factor{"TIME", wanted.query.times.size()}};
  return batch::check_variants(factors, common_of(wanted));
}

/// What must be there when the job runs, apart from what IDs turn out to be.
Status check_whole(const Query& query, bool has_list) {
  if (query.ids.empty() && !has_list)
    return fail(ErrorCode::kUsage, "the ID is missing; name a survey or an image, such as ID=demo");
  return {};
}

Status check_regions(const Query& query, const std::vector<service::Identified>& data,
                     bool has_list) {
  if (has_list || !query.regions.empty()) return {};
  for (const auto& named : data)
    if (named.image.empty())
      return fail(ErrorCode::kUsage, "the region is missing; say which part of " + named.survey +
                                         " you want, such as POS=CIRCLE 12.0 34.0 0.01, in "
                                         "degrees, or send a list of positions as UPLOAD");
  return {};
}

/// IDs, named one after the other.
class Naming : public std::enable_shared_from_this<Naming> {
 public:
  using Done = std::function<void(Result<std::vector<service::Identified>>)>;
  Naming(Identify identify, std::vector<std::string> ids, service::Asker asker, Done done)
      : identify_(std::move(identify)),
        ids_(std::move(ids)),
        asker_(std::move(asker)),
        done_(std::move(done)) {}

  /// Goes on as long as answers are there at once, without a call in a call; else the answer does.
  void go() {
    while (named_.size() < ids_.size() && !error_) {
      const auto answered = std::make_shared<std::atomic<bool>>(false);
      identify_(ids_[named_.size()], asker_,
                [self = shared_from_this(), answered](Result<service::Identified> data) {
                  self->take(std::move(data));
                  if (answered->exchange(true)) self->go();
                });
      if (!answered->exchange(true)) return;
    }
    if (error_) return done_(fail(*error_));
    done_(std::move(named_));
  }

 private:
  void take(Result<service::Identified> data) {
    if (data) {
      named_.push_back(std::move(*data));
    } else {
      error_ = std::move(data).error();
    }
  }

  const Identify identify_;
  std::vector<std::string> ids_;
  service::Asker asker_;
  Done done_;
  std::vector<service::Identified> named_;
  std::optional<Error> error_;
};

}  // namespace

service::Reader batch_reader(Identify identify) {
  return [identify = std::move(identify)](const std::vector<job::Parameter>& parameters,
                                          bool has_list, bool whole, const service::Asker& asker,
                                          std::function<void(Result<batch::Ask>)> done) {
    auto read = read_words(parameters, has_list);
    if (!read) return done(fail(std::move(read).error()));
    if (auto good = check_size(*read); !good) return done(fail(std::move(good).error()));
    if (has_list && !read->query.regions.empty())
      return done(fail(ErrorCode::kUsage,
                       "the regions come with the list; leave POS, CIRCLE and POLYGON out"));
    if (!whole) return done(ask_of(*read, {}));
    if (auto good = check_whole(read->query, has_list); !good) return done(fail(good.error()));
    const auto wanted = std::make_shared<const Wanted>(std::move(*read));
    std::make_shared<Naming>(
        identify, wanted->query.ids, asker,
        [wanted, has_list, done = std::move(done)](Result<std::vector<service::Identified>> data) {
          if (!data) return done(fail(std::move(data).error()));
          if (auto good = check_regions(wanted->query, *data, has_list); !good)
            return done(fail(good.error()));
          auto ask = ask_of(*wanted, *data);
          // Images by their ids, whole.
          if (!has_list && ask.regions.empty()) ask.regions.emplace_back();
          done(std::move(ask));
        })
        ->go();
  };
}

service::Reader batch_reader(service::Identifier& identifier) {
  return batch_reader([&identifier](const std::string& id, const service::Asker& asker,
                                    service::Identifier::Done done) {
    identifier.identify(id, asker, std::move(done));
  });
}

}  // namespace recorte::soda
