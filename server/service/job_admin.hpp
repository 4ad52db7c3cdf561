/// What the operator does to anybody's job, whoever owns it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/job/store.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace recorte::service {

/// How a job is moved; what is not said stays.
struct JobMove {
  std::optional<std::string> priority;  ///< a class's name; "": by the configuration again
  std::optional<std::int64_t> place;    ///< among its owner's own: the higher goes first
};

class JobAdmin {
 public:
  explicit JobAdmin(job::Store& store) : store_(store) {}

  // Each gives the job as it is afterwards; kNotFound, and kUsage where its phase forbids it.

  /// It runs no more until release(): its owner cannot start it meanwhile.
  Result<job::Job> hold(const std::string& id);
  /// Whoever or whatever held it.
  Result<job::Job> release(const std::string& id);
  Result<job::Job> move(const std::string& id, const JobMove& to);

 private:
  job::Store& store_;
};

}  // namespace recorte::service
