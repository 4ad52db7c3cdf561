/// A directory of several servers that hold the same: who somebody is by name and password.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/ldap/connection.hpp"
#include "auth/ldap/person.hpp"
#include "auth/ldap/search_pool.hpp"
#include "core/config/settings_ldap.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <semaphore>
#include <string>
#include <vector>

namespace recorte::auth::ldap {

class Directory {
 public:
  /// `secret`: the password of `settings.bind`.
  Directory(config::LdapSettings settings, const std::string& secret);

  /// Searches for the user, then signs in as them on a connection of its own. nullopt: there is not
  /// exactly one, or it is not their password; both take the same steps. kUnavailable where no
  /// server could say, kInternal where one says too little about them; for logs. At most `timeout`
  /// a server. [any thread]
  Result<std::optional<Person>> judge(const std::string& user, const std::string& password);
  /// Whether each server answers and lets the searching account search.
  Status check();

 private:
  using Judged = Result<std::optional<Person>>;
  Judged judge_at(SearchPool& server, const std::string& user, const std::string& password);
  Result<bool> let_in(const Server& server, const std::string& name, const std::string& password,
                      std::int64_t until) const;
  Result<Found> find_user(SearchPool& server, const std::string& user, std::int64_t until) const;
  Result<std::vector<std::string>> groups_of(SearchPool& server, const Entry& entry,
                                             const std::string& user, std::int64_t until) const;
  std::string subject_of(const Entry& entry) const;
  std::optional<std::string> told_group(const std::string& value) const;
  std::string name_here(const std::string& group) const;
  std::optional<Error> still_away() const;

  const config::LdapSettings settings_;
  std::vector<std::unique_ptr<SearchPool>> servers_;
  std::counting_semaphore<256> places_;
  std::atomic<std::size_t> first_ = 0;  ///< the server that answered last
  mutable std::mutex mutex_;
  std::int64_t away_until_ms_ = 0;  ///< nobody is asked before
  std::string away_because_;
};

}  // namespace recorte::auth::ldap
