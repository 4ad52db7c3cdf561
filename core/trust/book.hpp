/// The pools of the surveys in a directory as it is now: a survey that is added, changed, indexed
/// anew or removed is noticed before its next task.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/trust/pools.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recorte::trust {

class Book {
 public:
  /// Looks, and follows links, which may take seconds.
  explicit Book(Where where);

  /// As last seen. [any thread]
  std::shared_ptr<const Pools> now() const;
  /// The same, after a look where the survey is not known, or its file or index is another one now.
  /// Links that are not known yet are not followed, nor waited for. Cheap: two stats. [any thread]
  std::shared_ptr<const Pools> of(std::string_view survey);
  /// Looks at everything, and follows links where something changed. [any thread]
  std::shared_ptr<const Pools> look();
  /// As it would be with other plugins, of surveys as last seen. [any thread]
  Pools with(const plugin::InUse& plugins);
  /// From now on with these. [any thread]
  void use(plugin::InUse plugins);

 private:
  /// What a look saw of a survey, or of the plugins.
  using Seen = std::vector<FileStamp>;
  /// A directory of a survey's; "": of everyone's.
  using Key = std::pair<std::filesystem::path, std::string>;
  struct Followed {
    Links links;
    Seen at;
  };
  void look(bool follow);
  std::map<Key, Followed> look_once();
  SurveyReach reach_now(const std::filesystem::path& file) const;
  void publish(Pools pools);

  std::mutex looking_;
  Where where_;
  std::map<std::string, Seen> seen_;  ///< by survey; "": the plugins
  std::map<Key, Followed> followed_;
  std::map<Key, Followed> lost_;  ///< that changed since they were followed
  bool told_all_ = false;         ///< what was followed is published
  std::set<std::string> told_;    ///< warnings

  mutable std::mutex mutex_;
  std::shared_ptr<const Pools> now_;
};

}  // namespace recorte::trust
