// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/account/desk.hpp"

#include "core/account/service_keys.hpp"
#include "core/base/io.hpp"
#include "core/base/time.hpp"
#include "core/command/tools/tools.hpp"
#include "core/config/settings_at.hpp"

#include <unistd.h>

#include <utility>

namespace recorte::command {

Desk::Desk(config::Settings settings, const db::Database& database,
           std::unique_ptr<db::AuditLog> audit)
    : settings_(std::move(settings)),
      database_(database),
      accounts_(database),
      tokens_(database),
      audit_(std::move(audit)) {}

Result<std::unique_ptr<Desk>> Desk::open(const std::filesystem::path& config,
                                         const std::filesystem::path& data) {
  auto settings = config::settings_at(config, data);
  if (!settings) return fail(std::move(settings).error());
  const auto database = db::Database::at(settings->database.url, settings->data);
  if (!database) return fail(database.error());
  auto audit = db::AuditLog::open({.database = *database});
  if (!audit) return fail(std::move(audit).error());
  return std::unique_ptr<Desk>(new Desk(std::move(*settings), *database, std::move(*audit)));
}

Result<account::Keys> Desk::keys() const { return account::service_keys(settings_); }

Status Desk::note(const std::string& act, const std::string& object, const std::string& detail) {
  account::Event event;
  event.time = now_micros();
  event.act = act;
  event.outcome = "ok";
  event.user = "unix:" + std::to_string(::getuid());
  event.method = "command";
  event.object = object;
  event.detail = detail;
  audit_->add(std::move(event));
  if (auto kept = audit_->flush(); !kept)
    return fail(kept.error().code,
                "it is done, and not in the audit trail: " + kept.error().message);
  return {};
}

CLI::App* DeskCommands::add(const std::string& name, const std::string& help, Command run) {
  auto* sub = app_.add_subcommand(name, help);
  sub->add_option("--config", config_, "The configuration, as of serve")->type_name("FILE");
  sub->add_option("--data", data_, "The data directory, as of serve")->type_name("DIR");
  sub->callback([this, run = std::move(run)] { chosen_ = run; });
  return sub;
}

int DeskCommands::run(int argc, char** argv) {
  app_.require_subcommand(1);
  if (const auto ended = parse(app_, argc, argv)) return *ended;
  auto desk = Desk::open(config_, data_);
  if (!desk) return complain(desk.error());
  const auto done = chosen_(**desk);
  const auto flushed = flush_standard_output();
  if (!done) return complain(done.error());
  return flushed ? 0 : complain(flushed.error());
}

}  // namespace recorte::command
