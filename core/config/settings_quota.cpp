// SPDX-License-Identifier: BSD-3-Clause
//
// [quota] and the sections in it: the same limits for everybody, for users, for groups.
#include "core/config/settings_table.hpp"

namespace recorte::config {
namespace {

constexpr std::int64_t kMost = 1'000'000'000'000, kMostBytes = 1LL << 50;

using Limits = Settings::QuotaLimits;

// Whose limits they are.
Limits& everyone(Settings& settings, const std::string& /*free_name*/) {
  return settings.quota.everyone;
}
Limits& anonymous(Settings& settings, const std::string& /*free_name*/) {
  return settings.quota.anonymous;
}
Limits& user(Settings& settings, const std::string& name) { return settings.quota.users[name]; }
Limits& group(Settings& settings, const std::string& name) { return settings.quota.groups[name]; }

template <Limits& (*whose)(Settings&, const std::string&), auto limit>
auto& at(Settings& settings, const std::string& name) {
  return whose(settings, name).*limit;
}

constexpr Key row(std::string_view section, std::string_view name, Kind kind, Field field,
                  std::string_view example, std::string_view help) {
  const auto most = kind == Kind::kSizeLimit ? kMostBytes : kMost;
  return {section, name, kind, field, 0, most, nullptr, {}, "no limit is said", example, help};
}

template <Limits& (*whose)(Settings&, const std::string&)>
void add_limits(std::vector<Key>& out, std::string_view section) {
  const auto add = [&](const Key& key) { out.push_back(key); };
  add(row(
      section, "cutouts_per_day", Kind::kLimit, at<whose, &Limits::cutouts_per_day>, "10000",
      "Cutouts of jobs and in real time, a day (UTC). A job past it waits; in real time, 429."));
  add(row(section, "cutouts_per_month", Kind::kLimit, at<whose, &Limits::cutouts_per_month>,
          "100000", "The same, a month."));
  add(row(section, "positions_per_job", Kind::kLimit, at<whose, &Limits::positions_per_job>,
          "20000", "Positions of one job; else 403."));
  add(row(section, "jobs", Kind::kLimit, at<whose, &Limits::jobs>, "20",
          "Jobs that have not ended; else 403."));
  add(row(section, "running_jobs", Kind::kLimit, at<whose, &Limits::running_jobs>, "4",
          "Jobs that run at once; others wait for their turn."));
  add(row(section, "bytes", Kind::kSizeLimit, at<whose, &Limits::bytes>, R"("200GiB")",
          "Results that are kept; past it there are no new jobs, with 403."));
  add(row(section, "worker_seconds_per_day", Kind::kLimit,
          at<whose, &Limits::worker_seconds_per_day>, "36000",
          "Seconds of workers for jobs, a day; past it jobs wait, and real time gets 429."));
}

std::int64_t& block(Settings& settings, const std::string& /*free_name*/) {
  return settings.quota.block;
}

}  // namespace

std::span<const Key> quota_keys() {
  static const auto all = [] {
    std::vector<Key> out{
        {"quota",
         "block",
         Kind::kInteger,
         block,
         1,
         100'000,
         nullptr,
         {},
         {},
         "20",
         "Cutouts in real time that a server takes from a user's quota at once, at most, so that "
         "not each of them costs a transaction."}};
    add_limits<everyone>(out, "quota.everyone");
    add_limits<anonymous>(out, "quota.anonymous");
    add_limits<user>(out, "quota.users.NAME");
    add_limits<group>(out, "quota.groups.NAME");
    return out;
  }();
  return all;
}

}  // namespace recorte::config
