// SPDX-License-Identifier: BSD-3-Clause
#include "server/notify/missed.hpp"

#include "server/notify/options.hpp"

#include <utility>

namespace recorte::notify {
namespace {

constexpr std::int64_t kPage = 1'000;

/// An owner's abort says no reason; one for want of time does.
bool tells(const job::Job& job) {
  const bool by_its_owner = job.phase == job::Phase::kAborted && !job.error;
  return !by_its_owner && !addressees(job.parameters).empty();
}

}  // namespace

Result<std::vector<job::Job>> ended_since(job::Store& store, Micros time) {
  job::Filter filter;
  filter.phases = {job::Phase::kCompleted, job::Phase::kError, job::Phase::kAborted};
  filter.ended = time;
  filter.limit = kPage;
  std::vector<job::Job> out;
  for (bool more = true; more;) {
    auto page = store.list(filter);
    if (!page) return page;
    more = static_cast<std::int64_t>(page->size()) >= kPage;
    if (more) filter.before = page->back().id;
    for (auto& job : *page)
      if (tells(job)) out.push_back(std::move(job));
  }
  return out;
}

}  // namespace recorte::notify
