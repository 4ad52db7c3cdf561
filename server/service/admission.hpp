/// Whether a cutout is made while somebody waits for it: not where that takes too long, or it is
/// too large; then it is for a job.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/cutout/request.hpp"
#include "core/schedule/estimate.hpp"
#include "server/http/request.hpp"
#include "server/service/estimates.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace recorte::service {

/// [sync] of recorte.toml; 0: any.
struct SyncBounds {
  Micros seconds = 0;
  std::int64_t bytes = 0;
};

/// kTooLarge with the estimate and the limit. `bytes`: of the product, by estimate; negative where
/// that is not known. What a whole image, or a region beyond its image, takes is seen by the
/// worker.
Status admit(const cutout::CutoutRequest& request, const schedule::Work& work, std::int64_t bytes,
             const Estimates& estimates, const SyncBounds& bounds);

/// Where a face takes jobs of the same parameters, with further ones.
struct JobRoute {
  std::string_view path, more;
};
/// The same request as a job, for a shell: "curl -d 'survey=demo&…' 'https://…/api/v1/jobs'".
std::string as_job(const http::Request& request, const JobRoute& route);

/// "0.2 s", "95 s", "4 min", "3 h".
std::string seconds_text(double seconds);

}  // namespace recorte::service
