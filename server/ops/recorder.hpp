/// What is kept of every request when it has ended: a row in the database, a line in the log, a
/// count in the metrics. Written behind, never in the way of an answer.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/db/request_log.hpp"
#include "server/http/handler.hpp"
#include "server/ops/metrics.hpp"

namespace recorte::ops {

/// Both must outlive the observer.
http::Observer recorder(db::RequestLog& records, Metrics& metrics);

}  // namespace recorte::ops
