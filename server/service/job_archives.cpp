// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_archives.hpp"

#include "server/service/job_archive.hpp"

#include <algorithm>
#include <utility>

namespace recorte::service {
namespace {

/// Each takes some 100 bytes a product.
constexpr std::size_t kMostKept = 4;

}  // namespace

Result<std::shared_ptr<const http::Source>> JobArchives::get(
    store::ArchiveKind kind, const job::Job& job,
    const std::shared_ptr<const batch::Results>& results) {
  const std::lock_guard lock(mutex_);
  // Those of results that are not kept any more are of no use.
  kept_.remove_if([](const auto& kept) { return kept.of.expired(); });
  const auto at = std::ranges::find_if(kept_, [&](const auto& kept) {
    return kept.id == job.id && kept.kind == kind && kept.of.lock() == results;
  });
  if (at != kept_.end()) {
    kept_.splice(kept_.begin(), kept_, at);
    return at->archive;
  }
  auto archive = archive_of(kind, job, results);
  if (!archive) return archive;
  kept_.push_front({job.id, kind, results, *archive});
  if (kept_.size() > kMostKept) kept_.pop_back();
  return archive;
}

void JobArchives::forget(const std::string& id) {
  const std::lock_guard lock(mutex_);
  kept_.remove_if([&](const auto& kept) { return kept.id == id; });
}

}  // namespace recorte::service
