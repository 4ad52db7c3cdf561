// SPDX-License-Identifier: BSD-3-Clause
//
// PostgreSQL for tests: as Debian installs it, started and looked into without SOCI.
#include "core/base/id.hpp"
#include "tests/unit/db/support.hpp"
#include "tests/unit/tree.hpp"

#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <stdexcept>

namespace recorte::db {
namespace {

namespace fs = std::filesystem;

/// The newest installed; "" for none.
fs::path programs() {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", error))
    if (fs::exists(version.path() / "bin/initdb")) found.push_back(version.path() / "bin");
  return found.empty() ? fs::path() : *std::max_element(found.begin(), found.end());
}

/// Ends with this program. What it says goes into `log`.
pid_t spawn(const std::vector<std::string>& command, const fs::path& log) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words[0], words.data());
  ::_exit(127);
}

class Pq : public Look {
 public:
  explicit Pq(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK) {
      const std::string reason = PQerrorMessage(connection_);
      PQfinish(connection_);
      throw std::runtime_error(reason);
    }
  }
  ~Pq() override { PQfinish(connection_); }
  Pq(const Pq&) = delete;
  Pq& operator=(const Pq&) = delete;

  void run(const std::string& sql) override { rows(sql); }
  std::vector<std::vector<std::string>> rows(const std::string& sql) override {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection_, sql.c_str()),
                                                               &PQclear);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
      throw std::runtime_error(sql + ": " + PQresultErrorMessage(result.get()));
    std::vector<std::vector<std::string>> out;
    for (int row = 0; row < PQntuples(result.get()); ++row) {
      auto& values = out.emplace_back();
      for (int column = 0; column < PQnfields(result.get()); ++column)
        values.emplace_back(PQgetvalue(result.get(), row, column));
    }
    return out;
  }

 private:
  PGconn* connection_;
};

}  // namespace

std::unique_ptr<Look> Look::into(const Database& database) {
  if (database.embedded()) return std::make_unique<Sqlite>(database.file());
  return std::make_unique<Pq>(database.connection());
}

std::string Postgres::missing() {
  return programs().empty() ? "PostgreSQL is not installed: apt-get install postgresql" : "";
}

Postgres& Postgres::shared() {
  static Postgres server{RunningIn{}};
  return server;
}

Postgres::Postgres(RunningIn) {
  std::ifstream file(recorte::test::build_tree() / "tests/postgresql");
  if (std::string line; std::getline(file, line)) {
    directory_ = line;
    if (PQping(url("postgres").c_str()) == PQPING_OK) return;
  }
  make();
}

Postgres::Postgres() { make(); }

void Postgres::make() {
  ours_ = true;
  directory_ = "/tmp/recorte-pg-" + random_hex(8);
  fs::create_directories(directory_);
  if (::geteuid() == 0) {
    const auto* user = ::getpwnam("postgres");
    if (!user || ::chown(directory_.c_str(), user->pw_uid, user->pw_gid) != 0)
      throw std::runtime_error("there is no user postgres");
  }
  const auto child = spawn(
      as_postgres({(programs() / "initdb").string(), "-D", (directory_ / "data").string(), "-U",
                   "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"}),
      directory_ / "initdb.log");
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) throw std::runtime_error("initdb failed; see " + directory_.string());
  start();
}

Postgres::~Postgres() {
  if (!ours_) {
    for (const auto& name : made_)
      Pq(url("postgres")).run("drop database " + name + " with (force)");
    return;
  }
  crash();
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

std::vector<std::string> Postgres::as_postgres(std::vector<std::string> command) const {
  if (::geteuid() != 0) return command;
  const std::vector<std::string> user{"setpriv", "--reuid=postgres", "--regid=postgres",
                                      "--clear-groups", "--pdeathsig=SIGQUIT"};
  command.insert(command.begin(), user.begin(), user.end());
  return command;
}

void Postgres::start() {
  server_ =
      spawn(as_postgres({(programs() / "postgres").string(), "-D", (directory_ / "data").string(),
                         "-k", directory_.string(), "-c", "listen_addresses=", "-c", "fsync=off"}),
            directory_ / "server.log");
  if (!eventually([&] { return PQping(url("postgres").c_str()) == PQPING_OK; }))
    throw std::runtime_error("PostgreSQL does not start; see " + directory_.string());
}

void Postgres::crash() {
  if (server_ < 0) return;
  ::kill(server_, SIGQUIT);
  ::waitpid(server_, nullptr, 0);
  server_ = -1;
}

std::string Postgres::url(const std::string& name) const {
  std::string host;
  for (const char c : directory_.string()) host += c == '/' ? std::string("%2F") : std::string{c};
  return "postgresql://postgres@" + host + "/" + name;
}

std::string Postgres::fresh(const std::string& more) {
  const auto name = "d" + random_hex(8);
  // As on most machines: sorted as English has it, which is not by bytes.
  Pq(url("postgres"))
      .run("create database " + name +
           " template template0 locale_provider icu icu_locale 'en-US'");
  made_.push_back(name);
  return url(name) + more;
}

}  // namespace recorte::db
