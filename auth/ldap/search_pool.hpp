/// Connections on which the searching account is signed in, kept from one search to the next.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/ldap/connection.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace recorte::auth::ldap {

class SearchPool {
 public:
  struct Account {
    std::string name, password;  ///< "": nobody's
  };
  /// `most`: that are kept.
  SearchPool(Server server, Account account, std::size_t most)
      : server_(std::move(server)), account_(std::move(account)), most_(most) {}

  /// Does it on one of the connections; where that was kept and has gone meanwhile, on a new one.
  /// One on which it fails is closed. [any thread]
  template <class T>
  Result<T> with(std::int64_t until, const std::function<Result<T>(Connection&)>& work) {
    if (auto kept = take()) {
      if (auto done = work(*kept)) {
        give_back(std::move(*kept));
        return done;
      }
    }
    auto fresh = open(until);
    if (!fresh) return fail(std::move(fresh).error());
    auto done = work(*fresh);
    if (done) give_back(std::move(*fresh));
    return done;
  }

  const Server& server() const { return server_; }

 private:
  Result<Connection> open(std::int64_t until) const;
  std::optional<Connection> take();
  void give_back(Connection connection);

  struct Idle {
    Connection connection;
    std::int64_t since_ms;
  };
  const Server server_;
  const Account account_;
  const std::size_t most_;
  std::mutex mutex_;
  std::vector<Idle> idle_;
};

}  // namespace recorte::auth::ldap
