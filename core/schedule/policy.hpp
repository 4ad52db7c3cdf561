/// Whose turn it is: classes by weight, owners within a class by weight and by what they have used
/// of late, the longest waiting first where somebody has waited for too long. Pure and
/// deterministic: time comes in as an argument, and the order of lines does not matter.
/// docs/explanation/scheduling.md has the formula and its sources.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace recorte::schedule {

enum class Class : std::uint8_t { kSystem, kInternal, kPriority, kNormal, kBackground };
inline constexpr std::array<std::string_view, 5> kClassNames{"system", "internal", "priority",
                                                             "normal", "background"};
/// nullopt for what is no class's name.
std::optional<Class> class_from_name(std::string_view name);

/// Who is in a class, and what the class gets.
struct ClassRule {
  double weight = 1;  ///< its share among classes that have work
  Micros bound = 0;   ///< without a turn for longer, a line goes before all shares; 0: never
  std::vector<std::string> users, groups, services;
};

struct PolicyOptions {
  std::array<ClassRule, kClassNames.size()> classes;   ///< by Class
  std::map<std::string, double, std::less<>> weights;  ///< of owners; others have 1
  Micros half_life = 3'600'000'000;  ///< after which work that was done counts half; 0: never
  /// One who comes back is ahead of those who are there, or behind, by no more than its share of
  /// all workers in that time: nobody is shut out for what was done on an idle machine, or takes it
  /// all for having been away. Whoever is gone for less than that has not left.
  Micros memory = 60'000'000;
  PolicyOptions();  ///< the defaults of docs/reference/configuration.md
};

/// By the rules: `priority` where an admin gave one, else the first class, from the top, that names
/// the service, the user or one of the groups; else normal.
Class class_of(const PolicyOptions& options, std::string_view owner,
               std::span<const std::string> groups, std::string_view service,
               std::string_view priority);
/// Of an owner among those of its class; above zero, whatever the options say.
double weight_of(const PolicyOptions& options, std::string_view owner);
/// Of a class among classes; the same.
double weight_of(const PolicyOptions& options, Class in);

/// One owner's work in one class, the first of which waits.
struct Line {
  std::string owner;
  Class in = Class::kNormal;
  Micros since = 0;  ///< the first of it has waited since; its turns are counted here
};

/// For one thread.
class FairShare {
 public:
  /// `hands`: workers that are shared, at least 1; not the tasks that they are given ahead.
  explicit FairShare(PolicyOptions options, double hands = 1);

  /// Which line is next, all of which have work that could begin now, one an owner and class; it
  /// has had its turn then, and is charged next. Nothing where there is no line: whoever asks with
  /// each worker that is free tells by this, too, who has left. Some microseconds for ten lines,
  /// some hundreds for 5,000.
  std::optional<std::size_t> next(std::span<const Line> lines, Micros now);
  /// That owner is given so much work in that class, in worker time: an estimate, say, which a
  /// call when the work ends corrects by the difference, also downwards. Whoever has work that runs
  /// has not left; the correction tells, also where it is 0.
  void charge(const std::string& owner, Class in, double work_us, Micros now);
  /// What an owner had used before, from elsewhere (job::Store::shares), where nothing is known of
  /// it yet.
  void recall(const std::string& owner, double work_us, Micros now);
  /// Owners and classes that are remembered.
  std::size_t accounts() const;

 private:
  struct Account {
    double used = 0;         ///< per weight, in units of scale_
    double weight = 1;       ///< among its like
    std::uint64_t call = 0;  ///< of next() that saw it last; 0: none
    Micros seen = 0;         ///< then, or when it was charged last, by elapsed_
    Micros turn = -1;        ///< its last, by elapsed_; -1: none
  };
  /// Who compete with each other: the owners of a class, or the classes.
  struct Crowd {
    double level = 0;  ///< the least that one of them had used when there last were any
    Micros seen = 0;   ///< then
    bool ever = false;
    // Of one call:
    double weight = 0;
    double least_stayed = std::numeric_limits<double>::infinity();
    double least_joined = std::numeric_limits<double>::infinity();
  };
  struct Joined {
    Account* account;
    bool away;  ///< for so long that what it owes is forgiven
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  using Owners = std::unordered_map<std::string, Account, Hash, std::equal_to<>>;

  void advance(Micros now);
  void rescale();
  void forget();
  Account& account(const std::string& owner, Class in);
  void enter(Account& account, Crowd& crowd, std::vector<Joined>& joined);
  void settle(Crowd& crowd, std::span<const Joined> joined, double hands) const;
  void gather(std::span<const Line> lines);
  std::size_t choose(std::span<const Line> lines, Micros now);

  PolicyOptions options_;
  double hands_;
  Micros last_ = 0;     ///< what the clock said
  Micros elapsed_ = 0;  ///< as far as it went forward
  Micros epoch_ = 0;    ///< by elapsed_, at which scale_ is 1
  double scale_ = 1;    ///< what a microsecond of work counts now
  Micros swept_ = 0;
  std::uint64_t call_ = 1;
  bool started_ = false, aged_ = false;
  std::array<Account, kClassNames.size()> classes_;
  Crowd crowd_;  ///< of the classes
  std::array<Crowd, kClassNames.size()> crowds_;
  std::array<Owners, kClassNames.size()> owners_;
  std::map<std::string, double, std::less<>> recalled_;  ///< work, in units of scale_
  // Of one call; kept for their room.
  std::vector<Account*> at_;
  std::array<std::vector<Joined>, kClassNames.size()> joined_;
};

}  // namespace recorte::schedule
