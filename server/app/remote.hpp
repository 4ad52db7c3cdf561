/// Fetching remote files for workers, who reach no network themselves.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/remote/service.hpp"
#include "core/worker/pool.hpp"

#include <memory>

namespace recorte::app {

/// For PoolOptions::fetches: links to the service, which may fetch below the URIs that a worker may
/// read. `service` may be null: then there are none.
std::function<Result<Fd>(const worker::Readable&)> links_to(
    std::shared_ptr<remote::Service> service);

}  // namespace recorte::app
