// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/account/place.hpp"

#include "core/base/id.hpp"
#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/command/tools/tools.hpp"
#include "core/config/key_of_service.hpp"
#include "core/config/settings_at.hpp"
#include "core/db/database.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace recorte::command {
namespace {

Result<Place> open_place(const std::filesystem::path& config, const std::filesystem::path& data) {
  const auto settings = config::settings_at(config, data);
  if (!settings) return fail(settings.error());
  std::error_code error;
  std::filesystem::create_directories(settings->data, error);
  if (error)
    return fail(ErrorCode::kUnavailable, "the data directory " + settings->data.string() +
                                             " cannot be made: " + error.message());
  auto keys = config::keys_of_service(*settings);
  if (!keys) return fail(std::move(keys).error());
  const auto database = db::Database::at(settings->database.url, settings->data);
  if (!database) return fail(database.error());
  auto audit = db::AuditLog::open({.database = *database, .keep = settings->auth.keep_audit});
  if (!audit) return fail(std::move(audit).error());
  return Place{*keys, std::move(*audit), std::make_unique<db::Accounts>(*database),
               std::make_unique<db::Tokens>(*database)};
}

}  // namespace

void Place::note(std::string act, std::string object, std::string detail) const {
  account::Event event;
  event.time = now_micros();
  event.act = std::move(act);
  event.outcome = "ok";
  event.user = "unix:" + std::to_string(::getuid());
  event.method = "command";
  event.request_id = random_hex(8);
  event.object = std::move(object);
  event.detail = std::move(detail);
  audit->add(std::move(event));
}

CLI::App& Commands::add(CLI::App& app, const std::string& name, const std::string& help,
                        std::function<Status(Place&)> run) {
  auto* sub = app.add_subcommand(name, help);
  sub->add_option("--config", config_, "The configuration, as of serve")->type_name("FILE");
  sub->add_option("--data", data_, "The directory of the database, as of serve")->type_name("DIR");
  sub->callback([this, run = std::move(run)] { chosen_ = run; });
  return *sub;
}

int Commands::run(CLI::App& app, int argc, char** argv) {
  app.require_subcommand(1);
  if (const auto ended = parse(app, argc, argv)) return *ended;
  auto place = open_place(config_, data_);
  if (!place) return complain(place.error());
  auto done = chosen_(*place);
  const auto noted = place->audit->flush();
  const auto flushed = flush_standard_output();
  if (!done) return complain(done.error());
  if (!noted) return complain(noted.error());
  return flushed ? 0 : complain(flushed.error());
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out;
  for (const auto& word : split(text, ','))
    if (!trim(word).empty()) out.emplace_back(trim(word));
  return out;
}

std::string time_text(Micros time) {
  if (time == 0) return "-";
  auto text = iso_time(time).substr(0, 16) + " UTC";
  std::ranges::replace(text, 'T', ' ');
  return text;
}

void print_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> wide;
  for (const auto& row : rows) {
    wide.resize(std::max(wide.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) wide[i] = std::max(wide[i], row[i].size());
  }
  for (const auto& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i)
      std::printf("%-*s  ", static_cast<int>(wide[i]), row[i].c_str());
    std::printf("%s\n", row.back().c_str());
  }
}

}  // namespace recorte::command
