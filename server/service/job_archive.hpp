/// A job's products as one zip or tar, which is nowhere: it is made of their packs while it is
/// sent, in any range.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/results.hpp"
#include "core/job/job.hpp"
#include "core/store/archive.hpp"
#include "server/http/response.hpp"

#include <memory>

namespace recorte::service {

/// Every product that is made, under its name in the plan. The same products give the same bytes.
Result<std::shared_ptr<const http::Source>> archive_of(
    store::ArchiveKind kind, const job::Job& job,
    const std::shared_ptr<const batch::Results>& results);
/// It, and the same ETag for the same products, so that a download goes on where it stopped.
http::Response archive_response(store::ArchiveKind kind, const job::Job& job,
                                const batch::Results& results,
                                std::shared_ptr<const http::Source> archive);

}  // namespace recorte::service
