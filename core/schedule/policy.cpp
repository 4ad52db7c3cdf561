// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/policy.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace recorte::schedule {
namespace {

constexpr Micros kSecond = 1'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute,
                 kDay = 24 * kHour;
constexpr double kLeastWeight = 1e-6;
/// Half-lives after which usages are written down anew, far from the end of what a double holds.
constexpr double kMostHalfLives = 256;
/// Worker time per weight; who has used less, and is long gone, is as one who never came.
constexpr double kForgotten = 1'000'000;
constexpr double kNever = std::numeric_limits<double>::infinity();

std::size_t index(Class in) { return static_cast<std::size_t>(in); }

bool names(const std::vector<std::string>& list, std::string_view name) {
  return !name.empty() && std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

std::optional<Class> class_from_name(std::string_view name) {
  const auto* found = std::find(kClassNames.begin(), kClassNames.end(), name);
  if (found == kClassNames.end()) return std::nullopt;
  return static_cast<Class>(found - kClassNames.begin());
}

PolicyOptions::PolicyOptions()
    : classes{ClassRule{16, 5 * kMinute, {}, {}, {}}, ClassRule{8, 15 * kMinute, {}, {}, {}},
              ClassRule{4, kHour, {}, {}, {}}, ClassRule{2, 6 * kHour, {}, {}, {}},
              ClassRule{1, kDay, {}, {}, {}}} {}

Class class_of(const PolicyOptions& options, std::string_view owner,
               std::span<const std::string> groups, std::string_view service,
               std::string_view priority) {
  if (const auto given = class_from_name(priority)) return *given;
  for (std::size_t i = 0; i < options.classes.size(); ++i) {
    const auto& rule = options.classes[i];
    if (names(rule.services, service) || names(rule.users, owner) ||
        std::any_of(groups.begin(), groups.end(),
                    [&](const std::string& group) { return names(rule.groups, group); }))
      return static_cast<Class>(i);
  }
  return Class::kNormal;
}

double weight_of(const PolicyOptions& options, std::string_view owner) {
  const auto found = options.weights.find(owner);
  return found == options.weights.end() ? 1 : std::max(found->second, kLeastWeight);
}

double weight_of(const PolicyOptions& options, Class in) {
  return std::max(options.classes[index(in)].weight, kLeastWeight);
}

FairShare::FairShare(PolicyOptions options, double hands)
    : options_(std::move(options)), hands_(std::max(hands, 1.0)) {
  for (std::size_t i = 0; i < classes_.size(); ++i)
    classes_[i].weight = weight_of(options_, static_cast<Class>(i));
}

/// A clock that is set back stands still; what it then goes on by counts again.
void FairShare::advance(Micros now) {
  if (started_) elapsed_ += std::max<Micros>(0, now - last_);
  started_ = true;
  last_ = now;
  if (options_.half_life <= 0) return;
  const auto age = static_cast<double>(elapsed_ - epoch_) / static_cast<double>(options_.half_life);
  if (age > kMostHalfLives) return rescale();
  scale_ = std::exp2(age);
}

/// All usages decay alike, so that they need not be touched: instead new work counts more. Before
/// that grows out of bounds, all are divided by it.
void FairShare::rescale() {
  const auto whole = (elapsed_ - epoch_) / options_.half_life;
  epoch_ += whole * options_.half_life;
  const auto shift = [down = -static_cast<int>(std::min<Micros>(whole, 10'000))](double& value) {
    value = std::ldexp(value, down);
  };
  for (auto& in : classes_) shift(in.used);
  shift(crowd_.level);
  for (auto& crowd : crowds_) shift(crowd.level);
  for (auto& owners : owners_)
    for (auto& entry : owners) shift(entry.second.used);
  for (auto& entry : recalled_) shift(entry.second);
  scale_ =
      std::exp2(static_cast<double>(elapsed_ - epoch_) / static_cast<double>(options_.half_life));
}

void FairShare::forget() {
  if (options_.half_life <= 0) return;
  const auto long_ago = std::max(options_.half_life, options_.memory);
  if (elapsed_ - swept_ < long_ago) return;
  swept_ = elapsed_;
  const double little = kForgotten * scale_;
  for (auto& owners : owners_)
    std::erase_if(owners, [&](const auto& entry) {
      const auto& account = entry.second;
      return account.used < little && elapsed_ - account.seen > long_ago;
    });
  std::erase_if(recalled_, [&](const auto& entry) { return entry.second < little; });
}

FairShare::Account& FairShare::account(const std::string& owner, Class in) {
  auto& owners = owners_[index(in)];
  if (const auto found = owners.find(owner); found != owners.end()) return found->second;
  Account fresh;
  fresh.weight = weight_of(options_, owner);
  fresh.seen = elapsed_;
  if (const auto before = recalled_.find(owner); before != recalled_.end())
    fresh.used = before->second / fresh.weight;
  return owners.emplace(owner, fresh).first->second;
}

void FairShare::charge(const std::string& owner, Class in, double work_us, Micros now) {
  advance(now);
  const auto add = [work = work_us * scale_](Account& account) {
    account.used = std::max(0.0, account.used + work / account.weight);
  };
  auto& charged = account(owner, in);
  add(charged);
  add(classes_[index(in)]);
  charged.seen = classes_[index(in)].seen = elapsed_;
}

void FairShare::recall(const std::string& owner, double work_us, Micros now) {
  advance(now);
  const bool known = std::any_of(owners_.begin(), owners_.end(), [&](const Owners& owners) {
    return owners.find(owner) != owners.end();
  });
  if (!known) recalled_.insert_or_assign(owner, std::max(0.0, work_us * scale_));
}

std::size_t FairShare::accounts() const {
  auto count = recalled_.size();
  for (const auto& owners : owners_) count += owners.size();
  return count;
}

/// Notes that it is there at this call, and whether it comes with it.
void FairShare::enter(Account& account, Crowd& crowd, std::vector<Joined>& joined) {
  if (account.call == call_) return;
  crowd.weight += account.weight;
  if (account.call == call_ - 1) {
    crowd.least_stayed = std::min(crowd.least_stayed, account.used);
  } else {
    crowd.least_joined = std::min(crowd.least_joined, account.used);
    joined.push_back({&account, account.call == 0 || elapsed_ - account.seen > options_.memory});
  }
  account.call = call_;
  account.seen = elapsed_;
}

/// Brings those who come near to the level of those who are there, or just were. `hands`: of the
/// crowd.
void FairShare::settle(Crowd& crowd, std::span<const Joined> joined, double hands) const {
  if (joined.empty()) return;
  double level = crowd.least_joined;
  if (crowd.least_stayed < kNever)
    level = crowd.least_stayed;
  else if (crowd.ever && elapsed_ - crowd.seen <= options_.memory)
    level = crowd.level;
  const double most =
      static_cast<double>(options_.memory) * hands * scale_ / std::max(crowd.weight, kLeastWeight);
  for (const auto& [account, away] : joined) {
    account->used = std::max(account->used, level - most);
    if (away) account->used = std::min(account->used, level + most);
  }
}

void FairShare::gather(std::span<const Line> lines) {
  const auto begin = [](Crowd& crowd) {
    crowd.weight = 0;
    crowd.least_stayed = crowd.least_joined = kNever;
  };
  begin(crowd_);
  for (auto& crowd : crowds_) begin(crowd);
  for (auto& joined : joined_) joined.clear();
  at_.clear();
  for (const auto& line : lines) {
    auto& owner = account(line.owner, line.in);
    at_.push_back(&owner);
    enter(owner, crowds_[index(line.in)], joined_[index(line.in)]);
  }
  std::vector<Joined> classes;
  for (std::size_t i = 0; i < classes_.size(); ++i)
    if (crowds_[i].weight > 0) enter(classes_[i], crowd_, classes);
  settle(crowd_, classes, hands_);
  for (std::size_t i = 0; i < classes_.size(); ++i)
    if (crowds_[i].weight > 0)
      settle(crowds_[i], joined_[i], hands_ * classes_[i].weight / crowd_.weight);
}

std::size_t FairShare::choose(std::span<const Line> lines, Micros now) {
  struct Best {
    std::size_t line = 0;
    double used = kNever;
    Micros waited = 0;
  };
  std::array<Best, kClassNames.size()> best;
  std::optional<std::size_t> overdue;
  double latest = 1;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& line = lines[i];
    const auto& owner = *at_[i];
    auto waited = std::max<Micros>(0, now - line.since);
    if (owner.turn >= 0) waited = std::min(waited, elapsed_ - owner.turn);
    auto& first = best[index(line.in)];
    const bool better = std::tie(owner.used, first.waited) < std::tie(first.used, waited) ||
                        (owner.used == first.used && waited == first.waited &&
                         line.owner < lines[first.line].owner);
    if (better) first = {i, owner.used, waited};
    const auto bound = options_.classes[index(line.in)].bound;
    if (bound <= 0 || waited <= bound) continue;
    const double late = static_cast<double>(waited) / static_cast<double>(bound);
    if (late > latest ||
        (overdue && late == latest &&
         std::tie(line.in, line.owner) < std::tie(lines[*overdue].in, lines[*overdue].owner))) {
      latest = late;
      overdue = i;
    }
  }
  std::optional<std::size_t> chosen;
  for (std::size_t i = 0; i < best.size(); ++i) {
    if (best[i].used == kNever) continue;
    crowds_[i].level = best[i].used;
    crowds_[i].seen = elapsed_;
    crowds_[i].ever = true;
    if (!chosen || classes_[i].used < classes_[*chosen].used) chosen = i;
  }
  crowd_.level = classes_[*chosen].used;
  crowd_.seen = elapsed_;
  crowd_.ever = true;
  const auto by_share = best[*chosen].line;
  aged_ = overdue && *overdue != by_share && !aged_;
  return aged_ ? *overdue : by_share;
}

std::optional<std::size_t> FairShare::next(std::span<const Line> lines, Micros now) {
  advance(now);
  ++call_;
  forget();
  if (lines.empty()) return std::nullopt;
  gather(lines);
  const auto line = choose(lines, now);
  at_[line]->turn = elapsed_;
  return line;
}

}  // namespace recorte::schedule
