// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/login/token_book.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/net/json_call.hpp"
#include "core/net/url.hpp"

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <cstdlib>

namespace recorte::command {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kLongestBook = 1 << 20;

Result<fs::path> book_file() {
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  // The XDG Base Directory Specification: a relative one counts for none.
  if (const fs::path config = variable("XDG_CONFIG_HOME"); config.is_absolute())
    return config / "recorte" / "tokens.json";
  const auto home = variable("HOME");
  if (home.empty())
    return fail(ErrorCode::kUsage,
                "there is no place for tokens: neither HOME nor XDG_CONFIG_HOME is set");
  return fs::path(home) / ".config" / "recorte" / "tokens.json";
}

}  // namespace

Result<TokenBook> TokenBook::open() {
  auto file = book_file();
  if (!file) return fail(std::move(file).error());
  TokenBook out(std::move(*file));
  if (!fs::exists(out.file_)) return out;
  const auto text = read_file(out.file_, kLongestBook);
  if (!text) return fail(text.error());
  const auto all = json::parse(*text, nullptr, false);
  const auto broken = [&] {
    return fail(ErrorCode::kData,
                out.file_.string() + " is no list of tokens; remove it, and sign in again");
  };
  if (!all.is_object()) return broken();
  for (const auto& [server, entry] : all.items()) {
    if (!entry.is_object() || !entry.contains("id") || !entry["id"].is_string() ||
        !entry.contains("token") || !entry["token"].is_string())
      return broken();
    out.all_[server] = {entry["id"].get<std::string>(), entry["token"].get<std::string>()};
  }
  return out;
}

Result<std::string> TokenBook::server(const std::string& url) const {
  if (!url.empty()) {
    const auto target = net::parse_target(url);
    if (!target) return fail(target.error());
    if (!net::is_private_url(url))
      return fail(ErrorCode::kUsage,
                  target->origin +
                      " is neither https nor on this machine, and a token for it could "
                      "be read on its way; use https");
    auto out = url;
    while (out.ends_with('/')) out.pop_back();
    return out;
  }
  if (all_.size() == 1) return all_.begin()->first;
  std::string known;
  for (const auto& [server, entry] : all_) known += (known.empty() ? "" : ", ") + server;
  return fail(ErrorCode::kUsage,
              known.empty() ? "which server? Name its URL" : "which server? Name one of " + known);
}

Result<TokenBook::Entry> TokenBook::find(const std::string& server) const {
  const auto found = all_.find(server);
  if (found != all_.end()) return found->second;
  return fail(ErrorCode::kUnauthenticated,
              "you are not signed in at " + server + "; run recorte login " + server);
}

Status TokenBook::keep(const std::string& server, const Entry& entry) {
  all_[server] = entry;
  return write();
}

Status TokenBook::forget(const std::string& server) {
  all_.erase(server);
  return write();
}

Status TokenBook::write() const {
  auto all = json::object();
  for (const auto& [server, entry] : all_) all[server] = {{"id", entry.id}, {"token", entry.text}};
  const auto before = ::umask(0077);
  std::error_code error;
  fs::create_directories(file_.parent_path(), error);
  const auto written =
      error ? Status(fail(ErrorCode::kUnavailable,
                          "cannot make " + file_.parent_path().string() + ": " + error.message()))
            : write_file(file_, all.dump(2) + "\n");
  ::umask(before);
  return written;
}

}  // namespace recorte::command
