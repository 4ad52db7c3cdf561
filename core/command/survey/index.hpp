/// `recorte survey index`, and what it found, in words.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/inspect/where.hpp"
#include "core/survey/index_survey.hpp"

namespace recorte::command {

/// Images, bands, files; what was skipped and why, `all_skipped` or the first of them.
void print(const survey::IndexReport& report, bool all_skipped);
/// Indexes with a bar on a terminal. kNotFound where no image was found; what was skipped has been
/// said then.
Result<survey::IndexReport> run_index(survey::IndexOptions options, const inspect::Where& where,
                                      bool all_skipped);
/// Makes the survey's coverage, and says where it is.
Status make_coverage(const inspect::Where& where, const std::string& name);

/// The exit status.
int index_survey(survey::IndexOptions options, const inspect::Where& where, bool all_skipped);

}  // namespace recorte::command
