// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/database.hpp"

#include <libpq-fe.h>

#include <array>
#include <memory>
#include <utility>

namespace recorte::db {
namespace {

constexpr std::string_view kSqlite = "sqlite:";

/// What a connection has where the URL does not say otherwise: a server that is gone is noticed.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kDefaults{
    {{"connect_timeout", "5"},
     {"keepalives_idle", "30"},
     {"keepalives_interval", "10"},
     {"keepalives_count", "3"},
     {"tcp_user_timeout", "30000"},
     {"application_name", "recorte"}}};

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

std::string value_of(const Options& options, std::string_view keyword) {
  for (const auto* option = options.get(); option->keyword; ++option)
    if (option->keyword == keyword && option->val) return option->val;
  return "";
}

std::string with_defaults(std::string_view url, const Options& options) {
  std::string out(url);
  char before = out.find('?') == out.npos ? '?' : '&';
  for (const auto& [keyword, value] : kDefaults) {
    if (!value_of(options, keyword).empty()) continue;
    out += before;
    out += std::string(keyword) + "=" + std::string(value);
    before = '&';
  }
  return out;
}

std::string name_of(const Options& options) {
  const auto user = value_of(options, "user");
  const auto host = value_of(options, "host");
  const auto port = value_of(options, "port");
  const bool socket = host.starts_with('/');  // its directory
  std::string out = "postgresql://";
  if (!user.empty()) out += user + "@";
  if (!socket) out += host;
  if (!port.empty()) out += ":" + port;
  out += "/" + value_of(options, "dbname");
  return socket ? out + "?host=" + host : out;
}

}  // namespace

Database::Database(const std::filesystem::path& file)
    : file_(std::filesystem::absolute(file)), name_(file_.string()) {}

Result<Database> Database::at(std::string_view url, const std::filesystem::path& directory) {
  if (url.empty()) return Database(directory / "recorte.sqlite");
  if (url.starts_with(kSqlite)) {
    const std::filesystem::path file(url.substr(kSqlite.size()));
    if (file.has_filename()) return Database(file);
    return fail(ErrorCode::kUsage, "the database's URL 'sqlite:' names no file; write sqlite:PATH");
  }
  // What is no URL may be a password, and so may be what libpq says of it.
  if (!url.starts_with("postgresql://") && !url.starts_with("postgres://"))
    return fail(ErrorCode::kUsage,
                "the database's URL begins with neither 'postgresql://' nor 'sqlite:'");
  char* complaint = nullptr;
  const Options options(PQconninfoParse(std::string(url).c_str(), &complaint), &PQconninfoFree);
  PQfreemem(complaint);
  if (!options || url.find_first_of(" \t\r\n") != url.npos)
    return fail(ErrorCode::kUsage,
                "the database's URL is not as libpq reads it; write "
                "postgresql://USER:PASSWORD@HOST:PORT/NAME, with %XX for other characters than "
                "letters and digits in each, and only libpq's own words after '?'");
  Database out;
  out.connection_ = with_defaults(url, options);
  out.name_ = name_of(options);
  return out;
}

}  // namespace recorte::db
