/// What a job of SODA's words asks for: every region, in every combination of ID, BAND and TIME
/// (SODA 1.0, 3), or every row of a list in each of these.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/service/identify.hpp"
#include "server/service/jobs.hpp"

#include <functional>
#include <string>

namespace recorte::soda {

/// How an ID is understood; `done` may be told at once.
using Identify = std::function<void(const std::string& id, const service::Asker& asker,
                                    service::Identifier::Done done)>;

/// Parameters as /sync takes them, and SIZE with a list: of the stamps around its positions.
/// An Ask that need not be whole names no survey.
service::Reader batch_reader(Identify identify);
/// `identifier` must outlive the reader.
service::Reader batch_reader(service::Identifier& identifier);

}  // namespace recorte::soda
