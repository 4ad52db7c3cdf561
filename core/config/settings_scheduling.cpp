// SPDX-License-Identifier: BSD-3-Clause
//
// [scheduling], its classes, and users of a weight of their own.
#include "core/config/settings_rows.hpp"

namespace recorte::config {
namespace {

using S = Settings;
using rows::at;
using rows::kDay;
using rows::kHour;
using rows::kSecond;
using rows::number;
using rows::text;

constexpr std::int64_t kHeaviest = 1'000'000;

/// The rows of one class.
template <auto member>
void add_class(std::vector<Key>& out, std::string_view section, std::string_view bound,
               std::string_view users, std::string_view groups, std::string_view services) {
  using C = Settings::SchedulingClass;
  out.push_back(number(section, "weight", Kind::kNumber, at<&S::scheduling, member, &C::weight>, 0,
                       kHeaviest, "3.0",
                       "Its share, among the classes that have work. 0 is only what others leave, "
                       "and a turn when it is overdue."));
  out.push_back(number(section, "bound", Kind::kDuration, at<&S::scheduling, member, &C::bound>, 0,
                       365 * kDay, bound,
                       "A user's work that had no turn for that long goes before all shares, every "
                       "second turn. 0 is never."));
  out.push_back(text(section, "users", Kind::kTexts, at<&S::scheduling, member, &C::users>, nullptr,
                     "names", "none", users, "Users whose jobs are in this class."));
  out.push_back(text(section, "groups", Kind::kTexts, at<&S::scheduling, member, &C::groups>,
                     nullptr, "names", "none", groups, "Groups, of whose users the same is true."));
  out.push_back(text(section, "services", Kind::kTexts, at<&S::scheduling, member, &C::services>,
                     nullptr, "names", "none", services,
                     "Services that act for users: the jobs that they send."));
}

double& weight_of_user(Settings& settings, const std::string& name) {
  return settings.scheduling.users[name].weight;
}

std::vector<Key> make_keys() {
  using G = Settings::Scheduling;
  std::vector<Key> out{
      number("scheduling", "half_life", Kind::kDuration, at<&S::scheduling, &G::half_life>,
             60 * kSecond, 365 * kDay, R"("6h")", "After that, work that was done counts half."),
      number("scheduling", "memory", Kind::kDuration, at<&S::scheduling, &G::memory>, kSecond, kDay,
             R"("5m")",
             "One who comes back is ahead of the others, or behind, by its share of all workers in "
             "that time at most."),
      number("scheduling", "task_time", Kind::kDuration, at<&S::scheduling, &G::task_time>,
             kSecond / 10, kHour, R"("1s")",
             "A task of a job is cut so that it takes no longer; until it ends, its worker is "
             "nobody else's."),
  };
  add_class<&G::system>(out, "scheduling.system", R"("5m")", R"(["recorte"])", R"(["operators"])",
                        R"(["pipeline"])");
  add_class<&G::internal>(out, "scheduling.internal", R"("15m")", R"(["ana"])", R"(["staff"])",
                          R"(["portal"])");
  add_class<&G::priority>(out, "scheduling.priority", R"("1h")", R"(["bruno"])",
                          R"(["collaboration"])", R"(["alerts"])");
  add_class<&G::normal>(out, "scheduling.normal", R"("12h")", R"(["carla"])", R"(["astronomers"])",
                        R"(["notebooks"])");
  add_class<&G::background>(out, "scheduling.background", R"("2d")", R"(["mirror"])",
                            R"(["students"])", R"(["crawler"])");
  out.push_back(number("scheduling.users.NAME", "weight", Kind::kNumber, weight_of_user, 0,
                       kHeaviest, "2.0",
                       "The user's share, among the users of its class who have work."));
  return out;
}

}  // namespace

std::span<const Key> scheduling_keys() {
  static const auto all = make_keys();
  return all;
}

}  // namespace recorte::config
