/// What a POST to /api/v1/jobs says: the job's parameters in the query or in the body, and its list
/// of positions in the body, in any of the forms that a client may have it in.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/http/request.hpp"
#include "server/service/jobs.hpp"

namespace recorte::api {

/// A body of application/json that is an object: parameters by name, in "parameters" or beside it,
/// and "positions", a list. multipart/form-data and urlencoded: parameters, and a list in UPLOAD.
/// Any other body is the list itself: CSV, VOTable, FITS table, JSON array. `run` (true unless it
/// is false), `run_id`, `execution_duration` and `destruction` are the job's own.
Result<service::Submission> read_submission(const http::Request& request);

}  // namespace recorte::api
