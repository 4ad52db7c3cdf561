/// A job as its record says it: what was asked, how far it is, how long it may run and stay.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/job/phase.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::job {

/// How products ended, and what they took.
struct Tally {
  std::int64_t ok = 0;
  std::int64_t partial = 0;      ///< made, with pixels that no image has
  std::int64_t no_coverage = 0;  ///< no image covers the region
  std::int64_t failed = 0;
  std::int64_t bytes = 0;
  std::int64_t work_us = 0;  ///< of workers

  std::int64_t products() const { return ok + partial + no_coverage + failed; }
  Tally& operator+=(const Tally& other);
  Tally& operator-=(const Tally& other);
  bool operator==(const Tally&) const = default;
};

/// In which words a job was asked for: those are its parameters' names.
enum class Face : std::uint8_t { kSoda, kApi };

enum class Visibility : std::uint8_t { kNormal, kHiddenByUser, kHiddenBySystem };

/// Who or what holds a job that is HELD.
enum class Hold : std::uint8_t { kNone, kUser, kAdmin, kQuota };
inline constexpr std::array<std::string_view, 4> kHoldNames{"", "user", "admin", "quota"};

/// What was said of a job when it was accepted.
struct Prediction {
  std::string kind;   ///< of work, for the history (core/schedule/estimate.hpp); "": none was made
  double pixels = 0;  ///< of all products' planes
  Micros low = 0, middle = 0, high = 0;  ///< from acceptance to the end: 10, 50, 90 %
  std::int64_t bytes = 0;                ///< of all products
  Micros wait = 0;                       ///< of `middle`, for others
  bool operator==(const Prediction&) const = default;
};

struct Parameter {
  std::string name, value;  ///< as sent
  bool operator==(const Parameter&) const = default;
};

struct Job {
  std::string id;  ///< unguessable
  Face face = Face::kSoda;
  Phase phase = Phase::kPending;
  Visibility visibility = Visibility::kNormal;
  std::string owner = "anonymous";
  std::vector<std::string> groups;     ///< of the owner, when it was made
  std::string service;                 ///< that acts for the owner; "" for none
  std::string run_id;                  ///< RUNID; "" for none
  Micros created = 0;                  ///< of two jobs in one database never the same
  Micros started = 0, ended = 0;       ///< 0: not yet
  Micros quote = 0;                    ///< when it is expected to be done; 0: not known
  Micros destruction = 0;              ///< when its results go
  std::int64_t execution_seconds = 0;  ///< that it may run; 0: any time
  std::vector<Parameter> parameters;   ///< in their order
  std::string list;                    ///< name of the list that came with them; "" for none
  std::int64_t positions = 0;          ///< rows of the list, or regions
  std::int64_t products = 0;           ///< that it makes; 0 until it is planned
  std::int64_t outside = -1;   ///< products that no image covers, as far as known before; -1: not
  Tally tally;                 ///< of the products that are done
  std::optional<Error> error;  ///< why it ended in ERROR, or was aborted
  std::int64_t rounds = 0;     ///< how often it was run anew
  std::int64_t version = 0;    ///< grows with every change
  std::int64_t links = 0;      ///< how often its owner has ended all links to it
  std::string server;          ///< that works on it; "" for none
  Micros lease = 0;            ///< until when

  std::string priority;      ///< class that an admin gave it; "": by the configuration
  std::int64_t place = 0;    ///< among its owner's own: the higher goes first
  Micros queued = 0;         ///< since when it waits for its turn
  Hold hold = Hold::kNone;   ///< while it is HELD
  Micros hold_until = 0;     ///< when the quota that holds it renews; 0: not known
  std::int64_t charged = 0;  ///< cutouts that its owner's quota was charged with
  Prediction prediction;
};

/// The unit of work and of storage: a run of the job's order, whose products lie in one pack.
struct Task {
  std::int64_t number = 0;  ///< from 0
  std::int64_t first = 0;   ///< of the order (core/batch/order.hpp)
  std::int64_t count = 0;
  bool done = false;
  Tally tally;  ///< once done
};

}  // namespace recorte::job
