/// The surveys that are served, and what each says of itself. A worker describes a survey; the book
/// keeps what it said until the survey's file or index changes on disk, so that a survey that an
/// admin adds, edits or removes is noticed within a second, without a restart.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/need.hpp"
#include "core/account/survey_access.hpp"
#include "core/base/error.hpp"
#include "core/schedule/executor.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::service {

struct SurveyCard {
  std::string id;
  /// docs/reference/describe.md; null where the survey cannot be served.
  std::shared_ptr<const nlohmann::json> description;
  std::optional<Error> error;

  account::SurveyAccess access{};  ///< as its description says; everyone's where there is none

  /// Whether it is in somebody's lists. One that cannot be served is in nobody's.
  bool visible_to(const account::Principal& principal) const;
};

/// The plugin of a survey that says this of itself, where the plugin has a page; else "".
std::string documented_plugin(const nlohmann::json& description);

struct Surveys {
  std::vector<SurveyCard> cards;  ///< by id
  const SurveyCard* find(std::string_view id) const;
  /// Whether they may use a release of it ("": the one that is served): kUnauthenticated,
  /// kForbidden, and kNotFound alike for a survey that is hidden and one that is not there, which
  /// names those that they may use. One that cannot be served is for a worker to explain.
  Status may_see(const std::string& id, std::string_view release,
                 const account::Principal& principal) const;
};

/// The same at any time, by what is known then.
using MaySee = std::function<Status(const std::string& survey, std::string_view release,
                                    const account::Principal& principal)>;

/// Whether they may have what was made of that.
using MayHave = std::function<Status(const account::Need& need, const account::Principal&)>;

class SurveyBook {
 public:
  /// `directory` holds one TOML file a survey. The executor must outlive the book.
  SurveyBook(std::filesystem::path directory, schedule::Executor& executor);

  using Then = std::function<void(std::shared_ptr<const Surveys>)>;
  /// Calls `then` once, at once, with what is known; what is new on disk is described behind it,
  /// and known to who asks later. The first who ask wait, and hear on a worker's thread. [any
  /// thread]
  void ask(Then then);
  /// Has every survey described anew, and calls `then` with what they said, on a worker's thread.
  /// [any thread]
  void describe_anew(Then then);
  /// Those that were known last; null where none are yet. [any thread]
  std::shared_ptr<const Surveys> now() const;
  /// As Surveys has it, of those that are known now.
  Status may_see(const std::string& id, std::string_view release,
                 const account::Principal& principal) const;
  /// As account::may_have() says of the rule that is known now; of a survey that cannot be served,
  /// the one in its file. kUnavailable where that cannot be read either.
  Status may_have(const account::Need& need, const account::Principal& principal) const;
  Status may_share(const account::Need& need) const;

 private:
  Status by_rule(const account::Need& need,
                 const std::function<Status(const account::SurveyAccess*)>& decide) const;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace recorte::service
