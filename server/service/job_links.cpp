// SPDX-License-Identifier: BSD-3-Clause
#include "server/service/job_links.hpp"

#include "core/account/link.hpp"
#include "core/base/text.hpp"
#include "core/base/utf8.hpp"
#include "server/service/job_door.hpp"
#include "server/service/job_files.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace recorte::service {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr Micros kWeek = 7LL * 86'400 * kSecond;
constexpr std::string_view kProducts = "products", kResults = "results/";

/// Of "results/12".
std::optional<std::int64_t> number_of(std::string_view path) {
  if (!path.starts_with(kResults)) return {};
  return to_int(path.substr(kResults.size()));
}

Status check_what(const std::string& what) {
  const auto files = job_files();
  if (what == account::kWholeJob || what == kProducts || number_of(what).value_or(0) > 0 ||
      std::ranges::find(files, what, &JobFile::name) != files.end())
    return {};
  return fail(ErrorCode::kUsage,
              "a link is to what=all, products, results/1 and so on, manifest.csv, .vot, .json or "
              ".fits, products.zip or products.tar, and not to '" +
                  good_utf8(what.substr(0, 60)) + "'");
}

tl::unexpected<Error> no_link() {
  return fail(ErrorCode::kForbidden,
              "this link is not good, or not any more; ask whoever gave it to you for another");
}

}  // namespace

JobLinks::JobLinks(Options options, Jobs& jobs, job::Store& store)
    : options_(std::move(options)), jobs_(jobs), store_(store) {}

Status JobLinks::may_share(const batch::Results& results,
                           std::optional<std::int64_t> number) const {
  const auto check = [&](const auto& needs) -> Status {
    for (const auto& need : needs) RECORTE_TRY(options_.may_share(need));
    return {};
  };
  if (!number) return check(results.needs());
  if (*number < 1) return {};
  const auto needs = results.needs(static_cast<std::size_t>(*number - 1));
  return needs ? check(*needs) : fail(needs.error());
}

Result<JobLinks::Link> JobLinks::make(const std::string& id, const std::string& what, Micros lasts,
                                      const Asker& asker) {
  RECORTE_TRY(check_what(what));
  if (options_.longest <= 0)
    return fail(ErrorCode::kForbidden, "this service makes no links ([auth] links = 0)");
  if (lasts == 0) lasts = std::min(kWeek, options_.longest);
  if (lasts < kSecond || lasts > options_.longest)
    return fail(ErrorCode::kUsage, "a link is good for 1s to " +
                                       std::to_string(options_.longest / kSecond) +
                                       "s ([auth] links)");
  const auto job = jobs_.find(id, asker);
  if (!job) return fail(job.error());
  RECORTE_TRY(service::may_share(*job, asker));
  const auto number = number_of(what);
  const auto results = jobs_.results(*job, asker, number);
  if (!results) return fail(results.error());
  if (number)
    if (const auto known = product_number(std::to_string(*number), **results); !known)
      return fail(known.error());
  RECORTE_TRY(may_share(**results, number));
  const account::Link link{id, what, (now_micros() + lasts) / kSecond, job->links};
  return Link{
      what == account::kWholeJob ? std::string(kProducts) : what,
      "expires=" + std::to_string(link.expires) + "&signature=" + account::sign(options_.key, link),
      link.expires * kSecond};
}

Result<job::Job> JobLinks::end(const std::string& id, const Asker& asker) {
  RECORTE_TRY(jobs_.find(id, asker));
  return store_.change(id, [&](job::Job& job) -> Status {
    RECORTE_TRY(service::may_share(job, asker));
    ++job.links;
    return {};
  });
}

Result<JobLinks::Opened> JobLinks::open(const std::string& id, const std::string& path,
                                        const std::string& expires, const std::string& signature,
                                        const Asker& asker) {
  const auto until = to_int(expires);
  if (options_.longest <= 0 || !is_job_id(id) || !until) return no_link();
  auto job = store_.find(id);
  if (!job && job.error().code != ErrorCode::kNotFound) return fail(job.error());
  if (!job || job->visibility != job::Visibility::kNormal) return no_link();
  const auto is_to = [&](std::string_view what) {
    return account::is_signed(options_.key, {id, std::string(what), *until, job->links}, signature);
  };
  if (!is_to(path) && !is_to(account::kWholeJob)) return no_link();
  if (*until <= now_micros() / kSecond)
    return fail(ErrorCode::kForbidden, "this link was good until " + iso_time(*until * kSecond) +
                                           "; ask whoever gave it to you for another");
  auto owner = options_.owner_now(*job);
  if (!owner && owner.error().code == ErrorCode::kForbidden) return no_link();
  if (!owner) return fail(owner.error());
  auto as_owner = asker;
  as_owner.principal = std::move(*owner);
  auto results = jobs_.results(*job, as_owner, number_of(path));
  if (!results) {
    if (results.error().code != ErrorCode::kForbidden &&
        results.error().code != ErrorCode::kUnauthenticated)
      return fail(std::move(results).error());
    return fail(ErrorCode::kForbidden,
                "whoever shared these results may not have them any more themselves");
  }
  RECORTE_TRY(may_share(**results, number_of(path)));
  return Opened{std::move(*job), std::move(*results)};
}

}  // namespace recorte::service
