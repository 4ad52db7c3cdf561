// SPDX-License-Identifier: BSD-3-Clause
#include "auth/ldap/search_pool.hpp"

#include "core/base/time.hpp"

namespace recorte::auth::ldap {
namespace {

/// One that lay longer may have been forgotten by a firewall, which nobody tells us.
constexpr std::int64_t kLongestIdleMs = 60'000;

}  // namespace

Result<Connection> SearchPool::open(std::int64_t until) const {
  auto out = Connection::open(server_, until);
  if (!out || account_.name.empty()) return out;
  const auto let_in = out->bind(account_.name, account_.password, until);
  if (!let_in) return fail(let_in.error());
  if (!*let_in)
    return fail(ErrorCode::kUnavailable,
                server_.url + ": " + account_.name +
                    ", who searches, is not let in; see [auth.ldap] bind and secret");
  return out;
}

std::optional<Connection> SearchPool::take() {
  std::vector<Idle> old;  // closed after the lock is given back
  const std::scoped_lock lock(mutex_);
  if (idle_.empty()) return {};
  auto last = std::move(idle_.back());
  idle_.pop_back();
  if (monotonic_ms() - last.since_ms <= kLongestIdleMs) return std::move(last.connection);
  old = std::move(idle_);
  old.push_back(std::move(last));
  idle_.clear();
  return {};
}

void SearchPool::give_back(Connection connection) {
  const std::scoped_lock lock(mutex_);
  if (idle_.size() < most_) idle_.push_back({std::move(connection), monotonic_ms()});
}

}  // namespace recorte::auth::ldap
