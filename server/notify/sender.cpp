// SPDX-License-Identifier: BSD-3-Clause
#include "server/notify/sender.hpp"

#include "core/base/time.hpp"
#include "core/net/webhook.hpp"
#include "server/notify/summary.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace recorte::notify {

Sender::Sender(const Options& options, const std::atomic<bool>& stop) : options_(options) {
  mail_bounds_.stop = webhook_bounds_.stop = &stop;
  mail_bounds_.ca = options.mail_ca;
  webhook_bounds_.ca = options.webhook_ca;
}

net::Delivery Sender::tell(const Notice& notice, const std::string& whom) {
  if (auto may = check_notify(options_, whom); !may)
    return {net::Outcome::kRefused, may.error().message};
  if (whom.find("://") == whom.npos) return mail(notice, whom);
  return webhook(whom, {{"id", notice.id},
                        {"event", "job.ended"},
                        {"sent", iso_time(now_micros())},
                        {"job", notice.job}});
}

net::Delivery Sender::tell_operator(nlohmann::json alert) {
  alert["event"] = "alert";
  alert["sent"] = iso_time(now_micros());
  return webhook(options_.alert_url, alert);
}

net::Delivery Sender::reach(const std::string& place,
                            const std::function<net::Delivery()>& attempt) {
  if (const auto at = away_.find(place); at != away_.end()) {
    if (steady_micros() < at->second.until) return {net::Outcome::kAway, at->second.why};
    away_.erase(at);
  }
  auto delivery = attempt();
  if (delivery.outcome == net::Outcome::kAway)
    away_[place] = {steady_micros() + options_.pause, delivery.why};
  return delivery;
}

net::Delivery Sender::mail(const Notice& notice, const std::string& address) {
  const net::Mail mail{
      "Recorte", options_.from, address, mail_subject(notice.job), mail_text(notice.job),
      notice.id, now_micros()};
  return reach(options_.mail.url, [&] { return net::send(options_.mail, mail, mail_bounds_); });
}

net::Delivery Sender::webhook(const std::string& url, const nlohmann::json& body) {
  auto target = net::parse_target(url);
  if (!target) return {net::Outcome::kRefused, target.error().message};
  const auto place = target->origin;
  const net::Post post{std::move(*target), body.at("id").get<std::string>(), json_text(body),
                       options_.secret};
  return reach(place, [&] { return net::post(post, webhook_bounds_); });
}

}  // namespace recorte::notify
