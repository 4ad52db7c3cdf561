/// How one is told, once: by mail or by webhook, as the address says. A place that nobody reaches
/// is left alone for a while, so that those who wait for others do not wait for it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/net/delivery.hpp"
#include "server/notify/notice.hpp"
#include "server/notify/options.hpp"

#include <nlohmann/json_fwd.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <string>

namespace recorte::notify {

/// Of one thread.
class Sender {
 public:
  /// Both must outlive it; `stop` ends an attempt.
  Sender(const Options& options, const std::atomic<bool>& stop);

  /// What may not be told, by today's configuration, is kRefused.
  net::Delivery tell(const Notice& notice, const std::string& whom);
  /// `alert`, with its id and time.
  net::Delivery tell_operator(nlohmann::json alert);

 private:
  struct Away {
    Micros until = 0;
    std::string why;
  };
  net::Delivery reach(const std::string& place, const std::function<net::Delivery()>& attempt);
  net::Delivery mail(const Notice& notice, const std::string& address);
  net::Delivery webhook(const std::string& url, const nlohmann::json& body);

  const Options& options_;
  net::Bounds mail_bounds_, webhook_bounds_;
  std::map<std::string, Away> away_;  ///< by place: those that the configuration lists
};

}  // namespace recorte::notify
