// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte audit`.
#include "core/account/json.hpp"
#include "core/base/io.hpp"
#include "core/base/time.hpp"
#include "core/command/account/account.hpp"
#include "core/command/account/desk.hpp"
#include "core/command/tools/columns.hpp"
#include "core/command/tools/tools.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <string>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;
using account::Event;
using nlohmann::ordered_json;

struct Options {
  fs::path config, data;
  account::Audit::Filter filter;
  std::string since, until;
  bool json = false;
};

Status show(const std::vector<Event>& events, bool json) {
  if (json) {
    auto out = ordered_json::array();
    for (const auto& event : events) out.push_back(account::event_json(event));
    std::printf("%s\n", out.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
    return {};
  }
  Table table({"time", "act", "outcome", "user", "by", "address", "object", "detail"});
  for (const auto& event : events)
    table.add(
        {iso_time(event.time).substr(0, 19) + "Z", printable(event.act), printable(event.outcome),
         printable(event.service.empty() ? event.user : event.user + " (" + event.service + ")"),
         printable(event.method), printable(event.address), printable(event.object),
         printable(event.detail)});
  table.print();
  return {};
}

Status search(Options& o) {
  for (auto [text, time] : {std::pair(&o.since, &o.filter.from), std::pair(&o.until, &o.filter.to)})
    if (!text->empty()) {
      auto at = parse_moment(*text, now_micros());
      if (!at) return fail(std::move(at).error());
      *time = *at;
    }
  auto desk = Desk::open(o.config, o.data);
  if (!desk) return fail(std::move(desk).error());
  const auto events = (*desk)->audit().search(o.filter);
  if (!events) return fail(events.error());
  return show(*events, o.json);
}

}  // namespace

int audit(int argc, char** argv) {
  CLI::App app("Says who did what: logins, refusals, tokens, acts of admins, jobs, downloads.",
               "recorte audit");
  Options o;
  auto& filter = o.filter;
  app.add_option("--config", o.config, "The configuration, as of serve")->type_name("FILE");
  app.add_option("--data", o.data, "The data directory, as of serve")->type_name("DIR");
  app.add_option("--user", filter.user, "By this user")->type_name("NAME");
  app.add_option("--service", filter.service, "By this service, for a user")->type_name("NAME");
  app.add_option("--act", filter.act, "login, refusal, token, admin, submit, download …");
  app.add_option("--outcome", filter.outcome, "ok, forbidden, unauthenticated …");
  app.add_option("--object", filter.object, "Done to this: a survey, a job, a user");
  app.add_option("--address", filter.address, "From this address");
  app.add_option("--request", filter.request_id, "Of this request")->type_name("ID");
  app.add_option("--since", o.since, "Not before: 7d ago, or 2026-11-22T14:00:00");
  app.add_option("--until", o.until, "Before this");
  app.add_option("--limit", filter.most, "At most so many, the newest")
      ->check(CLI::Range(1, 100'000));
  app.add_flag("--json", o.json, "As JSON");
  if (const auto ended = parse(app, argc, argv)) return *ended;
  const auto done = search(o);
  const auto flushed = flush_standard_output();
  if (!done) return complain(done.error());
  return flushed ? 0 : complain(flushed.error());
}

}  // namespace recorte::command
