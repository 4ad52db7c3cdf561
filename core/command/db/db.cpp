// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/db/db.hpp"

#include "core/base/io.hpp"
#include "core/base/time.hpp"
#include "core/command/tools/tools.hpp"
#include "core/config/settings_at.hpp"
#include "core/db/admin.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path config, data, copy;
  bool replace = false;
  std::string older;
};

Result<db::Database> database_of(const Options& options) {
  const auto settings = config::settings_at(options.config, options.data);
  if (!settings) return fail(settings.error());
  return db::Database::at(settings->database.url, settings->data);
}

void print(std::string_view what, const std::vector<std::string>& names) {
  for (const auto& name : names) std::printf("%-8s %s\n", std::string(what).c_str(), name.c_str());
}

Status migrate(const db::Database& database, const Options&) {
  RECORTE_TRY(db::migrate_database(database));
  std::printf("%s has this program's schema\n", database.name().c_str());
  return {};
}

Status status(const db::Database& database, const Options&) {
  const auto status = db::schema_status(database);
  if (!status) return fail(status.error());
  std::printf("%s\n", database.name().c_str());
  print("applied", status->applied);
  print("lacking", status->lacking);
  print("unknown", status->unknown);
  return status->usable;
}

Status backup(const db::Database& database, const Options& options) {
  RECORTE_TRY(db::backup(database, options.copy));
  std::printf("%s is in %s\n", database.name().c_str(), options.copy.c_str());
  return {};
}

Status restore(const db::Database& database, const Options& options) {
  RECORTE_TRY(db::restore(database, options.copy, options.replace));
  std::printf("%s is as in %s\n", database.name().c_str(), options.copy.c_str());
  return {};
}

Status prune(const db::Database& database, const Options& options) {
  const auto age = parse_duration(options.older);
  if (!age) return fail(age.error());
  const auto pruned = db::prune(database, now_micros() - *age);
  if (!pruned) return fail(pruned.error());
  std::printf("removed the records of %lld jobs, %lld requests, %lld runs and %lld days of users\n",
              static_cast<long long>(pruned->jobs), static_cast<long long>(pruned->requests),
              static_cast<long long>(pruned->runs), static_cast<long long>(pruned->days));
  return {};
}

using Command = Status (*)(const db::Database&, const Options&);

}  // namespace

int db(int argc, char** argv) {
  CLI::App app("Looks after the database of jobs and requests.", "recorte db");
  Options options;
  Command chosen = nullptr;
  const auto command = [&](const char* name, const char* help, Command run) {
    auto* sub = app.add_subcommand(name, help);
    sub->add_option("--config", options.config, "The configuration, as of serve")
        ->type_name("FILE");
    sub->add_option("--data", options.data, "The directory of the database, as of serve")
        ->type_name("DIR");
    sub->callback([&chosen, run] { chosen = run; });
    return sub;
  };
  command("migrate", "Brings its schema up to this program's", &migrate);
  command("status", "Says its schema, and whether this program works with it", &status);
  command("backup", "Copies it into a file, also while a server runs", &backup)
      ->add_option("FILE", options.copy, "A new file")
      ->required();
  auto* back = command("restore", "Puts a copy back; end the servers first", &restore);
  back->add_option("FILE", options.copy, "What backup wrote")->required();
  back->add_flag("--replace", options.replace, "Also where there is something already");
  command("prune", "Forgets archived jobs, requests and runs", &prune)
      ->add_option("--older", options.older, "Than this: 540d")
      ->type_name("DURATION")
      ->required();
  app.require_subcommand(1);
  if (const auto ended = parse(app, argc, argv)) return *ended;
  const auto database = database_of(options);
  if (!database) return complain(database.error());
  const auto done = chosen(*database, options);
  const auto flushed = flush_standard_output();
  if (!done) return complain(done.error());
  return flushed ? 0 : complain(flushed.error());
}

}  // namespace recorte::command
