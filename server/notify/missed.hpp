/// Ends that a server may not have told of, as it died between a job's end and its notice.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/job/store.hpp"

#include <vector>

namespace recorte::notify {

/// Jobs that ended then or later, not by their owner's hand, and name somebody who is to be told:
/// for Notifier::job_ended(), which knows those that it has told of.
Result<std::vector<job::Job>> ended_since(job::Store& store, Micros time);

}  // namespace recorte::notify
