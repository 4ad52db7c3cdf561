/// The door that every request comes through: from its credentials to its principal, and every
/// refusal there. Whoever brings none goes straight on; else the credential is judged on threads of
/// the gate's own, and one that a directory or a provider has to judge on others, so that those
/// with a token or a session never wait for these.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/chain/chain.hpp"
#include "core/account/audit.hpp"
#include "core/account/keys.hpp"
#include "server/http/pool.hpp"
#include "server/http/router.hpp"
#include "server/identity/anonymous.hpp"
#include "server/identity/challenges.hpp"

#include <cstddef>
#include <functional>
#include <memory>

namespace recorte::identity {

class Gate {
 public:
  struct Options {
    bool anonymous = true;  ///< who is not signed in may read
    Challenges challenges{};
    std::size_t threads = 4, waiting = 1'000;           ///< for tokens and sessions
    std::size_t slow_threads = 16, slow_waiting = 200;  ///< for the others
  };
  /// `chain` and `audit` must outlive it. `form`: the key for "form". `refuse`: how the faces say
  /// an error.
  Gate(Options options, auth::Chain& chain, account::Audit& audit, account::Key form,
       http::Router::Refusal refuse);
  ~Gate() { stop(); }

  const Challenges& challenges() const { return options_.challenges; }
  /// As http::Guard.
  using Next = std::function<void(std::shared_ptr<http::Request>, http::Reply)>;
  void come(const http::Route& route, std::shared_ptr<http::Request> request, http::Reply reply,
            Next next);
  /// Waits for those that are being judged; those that wait for it are answered 500. After the last
  /// request.
  void stop();

 private:
  struct Visit;
  using Visitor = std::shared_ptr<Visit>;
  void judge(const Visitor& visitor, bool quick);
  void decide(const Visitor& visitor, Result<account::Principal> principal);
  Status check_origin(const Visit& visit) const;
  void let_in(const Visitor& visitor);
  void refuse(const Visitor& visitor, const Error& error);
  Challenges challenges_to(const http::Request& request) const;
  void mark(const Visit& visit, http::Response& response);
  bool post(http::Pool& pool, const Visitor& visitor, bool quick);

  const Options options_;
  auth::Chain& chain_;
  account::Audit& audit_;
  const account::Key form_;
  const http::Router::Refusal refuse_;
  Anonymous anonymous_;
  http::Pool quick_, slow_;
};

}  // namespace recorte::identity
