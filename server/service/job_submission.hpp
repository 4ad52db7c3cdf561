/// What every face reads in the same way when somebody makes a job: the list that comes along, and
/// the words about the job itself, which are no parameters of its cutouts.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/http/request.hpp"
#include "server/service/jobs.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::service {

/// kUsage for what is no UTF-8: no database keeps it, nor finds it.
Status check_text(std::string_view name, std::string_view value);
/// RUNID: at most 64 characters (DALI 1.1, 3.4.6).
Status set_run_id(Submission& submission, const std::string& value);
Status set_execution(Submission& submission, const std::string& value);
Status set_destruction(Submission& submission, const std::string& value);

/// Takes the list out of `parameters` into the submission: UPLOAD, whose value is the list itself
/// (a part with a file), or names the part that holds it, as DALI 1.1, 3.4.5 has it
/// ("UPLOAD=mine,param:part"). kUsage for a URL, a part that is not there; kMultiValued for
/// several.
Status take_upload(std::vector<http::Parameter>& parameters, Submission& submission);

/// kTooLarge where the job's own parameters are longer than a record should be.
Status check_length(const std::vector<job::Parameter>& parameters);
/// The same, and where they are more than `most`.
Status check_parameters(const std::vector<job::Parameter>& parameters, std::size_t most);

}  // namespace recorte::service
