/// What a job of SODA's words asks for: every region, in every combination of ID, BAND and TIME
/// (SODA 1.0, 3), or every row of a list in each of these.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/service/identify.hpp"
#include "server/service/jobs.hpp"

namespace recorte::soda {

/// Parameters as /sync takes them, and SIZE with a list: of the stamps around its positions.
/// `identifier` must outlive the reader. An Ask that need not be whole names no survey.
service::Reader batch_reader(service::Identifier& identifier);

}  // namespace recorte::soda
