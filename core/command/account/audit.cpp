// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/audit.hpp"

#include "core/base/time.hpp"
#include "core/command/account/account.hpp"
#include "core/command/account/place.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <string>
#include <vector>

namespace recorte::command {
namespace {

struct Options {
  account::Audit::Filter filter;
  std::string since;
  bool json = false;
};

void print_json(const std::vector<account::Event>& events) {
  for (const auto& event : events) {
    const nlohmann::ordered_json line = {
        {"time", iso_time(event.time)},   {"act", event.act},
        {"outcome", event.outcome},       {"user", event.user},
        {"service", event.service},       {"method", event.method},
        {"credential", event.credential}, {"address", event.address},
        {"request_id", event.request_id}, {"object", event.object},
        {"detail", event.detail}};
    std::printf("%s\n",
                line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  }
}

Status search(Place& place, Options& options) {
  if (!options.since.empty()) {
    const auto age = parse_duration(options.since);
    if (!age) return fail(age.error());
    options.filter.from = now_micros() - *age;
  }
  const auto events = place.audit->search(options.filter);
  if (!events) return fail(events.error());
  if (options.json) {
    print_json(*events);
    return {};
  }
  std::vector<std::vector<std::string>> rows{
      {"time", "act", "outcome", "user", "address", "object", "detail"}};
  for (const auto& event : *events)
    rows.push_back({time_text(event.time), event.act, event.outcome,
                    event.service.empty() ? event.user : event.user + " by " + event.service,
                    event.address.empty() ? "-" : event.address,
                    event.object.empty() ? "-" : event.object, event.detail});
  print_table(rows);
  return {};
}

}  // namespace

int audit(int argc, char** argv) {
  CLI::App app("Who did what.", "recorte audit");
  Options options;
  Commands commands;
  auto& sub = commands.add(app, "search", "The newest first",
                           [&](Place& place) { return search(place, options); });
  auto& filter = options.filter;
  sub.add_option("--user", filter.user, "Of this user");
  sub.add_option("--service", filter.service, "By this service");
  sub.add_option("--act", filter.act,
                 "refusal, cutout, submit, download, change, admin, token, account, grant");
  sub.add_option("--outcome", filter.outcome, "ok, or an error's name");
  sub.add_option("--address", filter.address, "From this address");
  sub.add_option("--object", filter.object, "To this survey, job, user, token");
  sub.add_option("--request", filter.request_id, "Of this request");
  sub.add_option("--since", options.since, "Not older than this: 7d")->type_name("DURATION");
  sub.add_option("--most", filter.most, "So many")->capture_default_str();
  sub.add_flag("--json", options.json, "A JSON object a line");
  return commands.run(app, argc, argv);
}

}  // namespace recorte::command
