/// The trail of who did what: one event a login, refusal, token, admin act, submission and
/// download. It is added to and read; nothing in it changes, and it goes when it is as old as
/// configured.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace recorte::account {

struct Event {
  Micros time = 0;
  std::string act;  ///< "login", "refusal", "token", "admin", "submit", "download", "cutout" …
  std::string outcome;  ///< "ok", or the error's stable name
  std::string user, service;
  std::string method;      ///< who vouched: "token", "oidc" …
  std::string credential;  ///< public id
  std::string address;
  std::string request_id;
  std::string object;  ///< what it was done to: a survey, a job, a user, a token's id
  std::string detail;  ///< a sentence for people; holds no secret
};

class Audit {
 public:
  virtual ~Audit() = default;
  /// [any thread] Never blocks on the disk.
  virtual void add(Event event) = 0;
  /// Waits until what was added before is in the database; kUnavailable says why it is not.
  virtual Status flush() = 0;

  struct Filter {
    std::string user{}, service{}, act{}, outcome{};  ///< "": any
    std::string address{}, object{}, request_id{};
    std::optional<Micros> from{}, to{};  ///< [from, to)
    std::int64_t most = 100;
  };
  /// The newest first.
  virtual Result<std::vector<Event>> search(const Filter& filter) = 0;
};

}  // namespace recorte::account
