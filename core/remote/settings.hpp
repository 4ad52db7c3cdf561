/// The service as the configuration has it ([remote], [remote.s3]).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/config/settings.hpp"
#include "core/remote/service.hpp"

#include <memory>

namespace recorte::remote {

/// Null where no host and no bucket is listed: nothing is fetched then. kUsage where a secret
/// cannot be read, kUnavailable where the cache cannot be written.
Result<std::unique_ptr<Service>> service_of(const config::Settings& settings);

}  // namespace recorte::remote
