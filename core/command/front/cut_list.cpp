// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "core/base/version.hpp"
#include "core/command/front/cut.hpp"
#include "core/command/front/destination.hpp"
#include "core/command/front/list_run.hpp"
#include "core/command/front/manifest.hpp"
#include "core/command/front/position_list.hpp"
#include "core/store/output_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace recorte::command {
namespace {

/// Exit status when some rows failed; when none did but some lie outside the survey.
constexpr int kSomeFailed = 10;
constexpr int kSomeOutside = 4;

store::ShardOptions shard_options(const CutOptions& options, const PositionList& list) {
  store::ShardOptions out;
  out.path = options.output;
  out.shard_bytes = options.shard_bytes;
  const auto first = list.request(0);
  const auto has = [&](cutout::Plane plane) {
    return std::ranges::find(first.planes, plane) != first.planes.end();
  };
  out.ivar = has(cutout::Plane::kWeight) || has(cutout::Plane::kVariance);
  out.mask = has(cutout::Plane::kMask);
  std::vector<std::string> given;
  for (const auto& [name, value] : options.parameters)
    given.push_back(name + "=" + url_encode(value));
  const std::vector<std::string> surveys(list.surveys().begin(), list.surveys().end());
  out.attributes = {{"survey", join(surveys, ",")},
                    {"request", join(given, "&")},
                    {"recorte", std::string(version())}};
  return out;
}

/// WebDataset's readers pass over names of this form, and would take any other for a sample.
std::string manifest_name(const CutOptions& options, Container container) {
  const bool archive = container == Container::kTar || container == Container::kZip;
  return archive && options.layout == Layout::kWebDataset ? "__manifest__" : "manifest.csv";
}

/// What is written must not take the place of the list it comes from.
Status spares_the_list(const CutOptions& options, Container container) {
  const std::filesystem::path output = options.output;
  auto manifest = output;
  if (container == Container::kShards) manifest.replace_extension(".csv");
  if (container == Container::kDirectory) manifest /= "manifest.csv";
  for (const auto& written : {output, manifest}) {
    std::error_code error;
    if (!std::filesystem::equivalent(written, options.positions, error)) continue;
    return fail(ErrorCode::kUsage, written.string() +
                                       " is the list itself, and would be written over; give the "
                                       "output another name (-o)");
  }
  return {};
}

}  // namespace

Result<int> cut_list(const CutOptions& options) {
  const auto container = container_of(options.output);
  if (!container) return fail(container.error());
  if (*container == Container::kShards && options.layout == Layout::kWebDataset)
    return fail(ErrorCode::kUsage, "a layout is for a .tar, a .zip or a directory; HDF5 has none");
  auto list = PositionList::read(options);
  if (!list) return fail(std::move(list).error());
  if (auto safe = spares_the_list(options, *container); !safe) return fail(std::move(safe).error());
  auto destination = Destination::open(options.output, shard_options(options, *list));
  if (!destination) return fail(std::move(destination).error());
  Manifest manifest(list->size());
  RECORTE_TRY(ListRun(options, *list, **destination, manifest).run());

  const auto shards = (*destination)->close();
  if (!shards) return fail(shards.error());
  const auto text = store::open_unnamed((*destination)->directory());
  if (!text) return fail(text.error());
  RECORTE_TRY(manifest.write(*list, *shards, *container == Container::kShards, text->get()));
  const auto size = ::lseek(text->get(), 0, SEEK_END);
  RECORTE_TRY(
      (*destination)
          ->finish(manifest_name(options, *container), store::Content(text->get(), 0, size)));

  const auto failed = manifest.count(RowStatus::kFailed);
  const auto outside = manifest.count(RowStatus::kNoCoverage);
  std::fprintf(stderr, "recorte: %zu cutouts, %zu outside the survey, %zu failed\n",
               manifest.count(RowStatus::kOk), outside, failed);
  if (const auto row = manifest.first_failed())
    std::fprintf(stderr, "recorte: %s: %s\n", std::string(list->id(*row)).c_str(),
                 manifest.message(*row).c_str());
  return failed > 0 ? kSomeFailed : outside > 0 ? kSomeOutside : 0;
}

}  // namespace recorte::command
