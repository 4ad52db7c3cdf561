/// What the commands about accounts have in common: where the database is, and that what they do is
/// in the audit trail. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/keys.hpp"
#include "core/base/error.hpp"
#include "core/db/accounts.hpp"
#include "core/db/audit_log.hpp"
#include "core/db/tokens.hpp"

#include <CLI/App.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace recorte::command {

struct Place {
  account::Keys keys;
  std::unique_ptr<db::AuditLog> audit;  ///< the first: it has the database migrated
  std::unique_ptr<db::Accounts> accounts;
  std::unique_ptr<db::Tokens> tokens;

  /// Of the user of this machine who runs the command.
  void note(std::string act, std::string object, std::string detail) const;
};

/// A command's options and, once it is chosen, what it does.
class Commands {
 public:
  /// Adds `name` with --config and --data.
  CLI::App& add(CLI::App& app, const std::string& name, const std::string& help,
                std::function<Status(Place&)> run);
  /// Parses, opens the place, and does what was chosen. The exit status.
  int run(CLI::App& app, int argc, char** argv);

 private:
  std::filesystem::path config_, data_;
  std::function<Status(Place&)> chosen_;
};

/// "a,b" as its words.
std::vector<std::string> words_of(const std::string& text);
/// "2026-11-29 06:30 UTC"; "-" of 0.
std::string time_text(Micros time);
/// Rows below their heads, as wide as needed.
void print_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace recorte::command
