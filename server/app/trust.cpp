// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/trust.hpp"

#include "core/base/log.hpp"
#include "core/worker/fence.hpp"
#include "server/app/milliseconds.hpp"

#include <utility>

namespace recorte::app {

std::shared_ptr<trust::Book> trust_book(const config::Settings& settings, plugin::InUse plugins) {
  if (worker::landlock_version() == 0)
    log::write(log::Level::kWarn,
               "this kernel has no Landlock: workers of every survey read what the server's user "
               "may read, so that a plugin can read the files of private surveys; run Linux 5.13 "
               "or later, with landlock in its list of LSMs");
  return std::make_shared<trust::Book>(trust::Where{settings.surveys, std::move(plugins),
                                                    settings.workers.readable,
                                                    config::own_places(settings)});
}

schedule::PooledExecutor::Options pooled(schedule::LocalExecutor::Options local,
                                         const config::Settings::Workers& workers) {
  schedule::PooledExecutor::Options out;
  out.most_private = workers.most_private > 0 ? static_cast<std::size_t>(workers.most_private)
                                              : local.pool.workers;
  out.idle_ms = milliseconds(workers.private_idle);
  out.local = std::move(local);
  return out;
}

}  // namespace recorte::app
