/// What these commands have in common: the stores behind `--config` and `--data`, a line in the
/// audit trail for every act, their options. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/keys.hpp"
#include "core/base/error.hpp"
#include "core/config/settings.hpp"
#include "core/db/accounts.hpp"
#include "core/db/audit_log.hpp"
#include "core/db/tokens.hpp"

#include <CLI/App.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace recorte::command {

class Desk {
 public:
  /// An SQLite file is made, and migrated, where needed.
  static Result<std::unique_ptr<Desk>> open(const std::filesystem::path& config,
                                            const std::filesystem::path& data);

  const config::Settings& settings() const { return settings_; }
  const db::Database& database() const { return database_; }
  db::Accounts& accounts() { return accounts_; }
  db::Tokens& tokens() { return tokens_; }
  db::AuditLog& audit() { return *audit_; }
  /// Of the service; made where there is none.
  Result<account::Keys> keys() const;

  /// What was done, to what, for the trail: it is there when this returns.
  Status note(const std::string& act, const std::string& object, const std::string& detail);

 private:
  Desk(config::Settings settings, const db::Database& database,
       std::unique_ptr<db::AuditLog> audit);

  const config::Settings settings_;
  const db::Database database_;
  db::Accounts accounts_;
  db::Tokens tokens_;
  const std::unique_ptr<db::AuditLog> audit_;
};

/// The subcommands of one command: each runs at a desk.
class DeskCommands {
 public:
  using Command = std::function<Status(Desk& desk)>;
  explicit DeskCommands(CLI::App& app) : app_(app) {}
  CLI::App* add(const std::string& name, const std::string& help, Command run);
  /// Parses, opens the desk, runs what was chosen, and says what went wrong. The exit status.
  int run(int argc, char** argv);

 private:
  CLI::App& app_;
  std::filesystem::path config_, data_;
  Command chosen_;
};

}  // namespace recorte::command
