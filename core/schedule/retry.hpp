/// Which errors are tried again, how often, and after how long: one policy, whatever the executor.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"

#include <optional>

namespace recorte::schedule {

struct RetryPolicy {
  int tries = 5;             ///< after the first, in a row, of one that may pass
  Micros first = 1'000'000;  ///< before the second try; twice as long each time
  Micros longest = 60'000'000;
  int culprit_tries = 2;  ///< of an item that cost its worker, in all, alone
};

/// Whether it may be gone when it is tried again: no room, no worker, no answer in time.
bool passes(const Error& error);
/// Of a task's error: whether it is the item at hand that is to blame, whose worker crashed, hung
/// or ran out of memory, say, and not the place or the one who stopped it.
bool blames_item(const Error& error);
/// How long to wait before the next try after `failures` in a row, from 1; nothing where it is not
/// tried again: it does not pass, or has failed too often.
std::optional<Micros> retry_after(const RetryPolicy& policy, const Error& error, int failures);

}  // namespace recorte::schedule
