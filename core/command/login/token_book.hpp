/// The tokens of servers elsewhere that this user has signed in at: a file of theirs alone.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace recorte::command {

class TokenBook {
 public:
  /// $XDG_CONFIG_HOME/recorte/tokens.json, else in ~/.config; empty where there is none yet.
  static Result<TokenBook> open();

  struct Entry {
    std::string id, text;  ///< of the token
  };
  /// "https://sky.example/cut", without "/" at its end. "" is the only server there is.
  Result<std::string> server(const std::string& url) const;
  /// kUnauthenticated where nobody has signed in there.
  Result<Entry> find(const std::string& server) const;
  /// In the file, mode 0600, when it returns.
  Status keep(const std::string& server, const Entry& entry);
  Status forget(const std::string& server);
  const std::filesystem::path& file() const { return file_; }

 private:
  explicit TokenBook(std::filesystem::path file) : file_(std::move(file)) {}
  Status write() const;

  std::filesystem::path file_;
  std::map<std::string, Entry> all_;
};

}  // namespace recorte::command
