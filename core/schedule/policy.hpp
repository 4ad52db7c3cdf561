/// Whose turn it is: classes by weight, owners within a class by weight and by what they have used
/// of late, the oldest first where somebody has waited for too long. Pure and deterministic: time
/// comes in as an argument. docs/explanation/scheduling.md has the formula and its sources.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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
  Micros bound = 0;   ///< one who waits for longer goes before all shares; 0: never
  std::vector<std::string> users, groups, services;
};

struct PolicyOptions {
  std::array<ClassRule, kClassNames.size()> classes;   ///< by Class
  std::map<std::string, double, std::less<>> weights;  ///< of owners; others have 1
  Micros half_life = 3'600'000'000;  ///< after which work that was done counts half
  /// Worker time that one who comes back may be ahead of, or behind, those who were there, at most:
  /// nobody is shut out for what was done on an idle machine, or takes it all for having been away.
  Micros memory = 10'000'000;
  PolicyOptions();  ///< the defaults of docs/reference/configuration.md
};

/// By the rules: `priority` where an admin gave one, else the first class, from the top, that names
/// the service, the user or one of the groups; else normal.
Class class_of(const PolicyOptions& options, std::string_view owner,
               std::span<const std::string> groups, std::string_view service,
               std::string_view priority);

/// One owner's work in one class, the first of which waits.
struct Line {
  std::string owner;
  Class in = Class::kNormal;
  Micros since = 0;  ///< the first of it has waited since
};

class FairShare {
 public:
  explicit FairShare(PolicyOptions options);

  /// Which line is next, all of which have work that could begin now; none where there is no line.
  /// One that is not there any more is forgotten as far as its class and owner have nothing to
  /// answer for.
  std::optional<std::size_t> next(std::span<const Line> lines, Micros now);
  /// That owner is given so much work in that class, in worker time: an estimate, say, which a
  /// later call corrects, also downwards.
  void charge(const std::string& owner, Class in, double work_us, Micros now);
  /// What an owner had used before, from elsewhere (job::Store::shares), where nothing is known of
  /// it yet.
  void recall(const std::string& owner, double work_us, Micros now);

 private:
  struct Account {
    double used = 0;  ///< per weight, as it counts at `time`
    Micros time = 0;
    bool present = false;  ///< had work at the last call
  };
  PolicyOptions options_;
  std::array<Account, kClassNames.size()> classes_;
  std::map<std::pair<Class, std::string>, Account> owners_;
};

}  // namespace recorte::schedule
