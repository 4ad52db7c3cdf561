/// recorte.toml as one immutable struct. Every key has a default, so that no file is needed;
/// docs/reference/configuration.md lists them from the same table.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/config/secret.hpp"
#include "core/config/settings_auth.hpp"
#include "core/config/settings_ldap.hpp"
#include "core/config/settings_oidc.hpp"
#include "core/config/settings_remote.hpp"

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace recorte::config {

struct Document;

struct Settings {
  std::filesystem::path data = "recorte-data";  ///< database and results
  std::filesystem::path surveys;                ///< "": see surveys_directory()

  struct Plugins {
    std::vector<std::filesystem::path> directories;  ///< none: the installed ones
    std::filesystem::path store;                     ///< "": see plugin_store()
    std::vector<std::string> keys;                   ///< parse_plugin_key (plugin_key.hpp)
    bool accept_unsigned = true;                     ///< bundles
  } plugins;

  struct Server {
    std::string listen = "127.0.0.1:8080";  ///< parse_host_port (address.hpp) takes it apart
    /// "https://host/prefix", no slash at the end; "": as the request says. Every URL that the
    /// service gives begins with it, and every path that it is asked for is read without the
    /// prefix, whether the proxy in front takes the prefix off or leaves it on.
    std::string base_url;
    std::vector<std::string> trusted_proxies{"127.0.0.0/8", "::1"};
    std::vector<std::string> cors_origins{"*"};
    Micros grace = 30'000'000;
    std::int64_t reactors = 2;  ///< one that is kept busy delays half of the others
  } server;

  /// [server.limits]; http::Limits is filled from it.
  struct Limits {
    std::int64_t head = 16 << 10, body = 32 << 20, bodies = 256 << 20;  ///< bytes
    std::int64_t parameters = 10'000;
    std::int64_t connections = 20'000, connections_per_address = 256;
    double requests_per_second = 200;
    std::int64_t burst = 400;
    Micros header_timeout = 10'000'000, body_timeout = 60'000'000, idle_timeout = 75'000'000,
           write_timeout = 30'000'000;
    std::int64_t slowest = 1024;  ///< bytes a second
    std::int64_t handlers = 4, waiting = 1'000;
    std::int64_t slow_handlers = 4, slow_waiting = 200;
  } limits;

  struct Workers {
    std::int64_t count = 0;                       ///< 0: one a core
    std::int64_t batch = 0;                       ///< for jobs; 0: one a core
    std::int64_t most_private = 0;                ///< besides, of each of the two; 0: as many
    Micros private_idle = 300'000'000;            ///< after which those end
    std::vector<std::filesystem::path> readable;  ///< by all of them, besides what is theirs
    std::int64_t plugin_faults = 5;               ///< that take a plugin out of use; 0: none do
    Micros plugin_faults_within = 600'000'000;
    std::int64_t memory = 2LL << 30;            ///< bytes, of each
    std::int64_t memory_together = 0;           ///< bytes, of those with much; 0: half of all
    Micros timeout = 60'000'000;                ///< of one cutout
    Micros grace = 2'000'000;                   ///< to obey a cancellation
    std::int64_t max_pixels = 400'000'000;      ///< of one product plane
    std::int64_t waiting = 1'000;               ///< tasks waiting for a worker; past it 503
    std::int64_t product_in_memory = 32 << 20;  ///< bytes; what may be larger goes to disk
  } workers;

  /// What is made while somebody waits; more is for a job.
  struct Sync {
    Micros max_seconds = 60'000'000;     ///< by estimate; 0: any
    std::int64_t max_bytes = 4LL << 30;  ///< by estimate; 0: any
  } sync;

  /// Of each worker.
  struct Cache {
    std::int64_t open_files = 64;
    std::int64_t unpacked = 1LL << 30;       ///< bytes
    std::int64_t decoded_tiles = 2LL << 20;  ///< bytes, of each compressed image
    std::int64_t seek_points = 16LL << 20;   ///< bytes, of each compressed image
  } cache;

  RemoteSettings remote;

  struct Database {
    /// "": recorte.sqlite in `data`; else "sqlite:PATH", absolute, or "postgresql://…", which may
    /// hold a password: not for logs.
    std::string url;
  } database;

  struct Jobs {
    Micros keep = 7LL * 86'400 * 1'000'000;  ///< results, where the user does not say
    Micros longest_keep = 30LL * 86'400 * 1'000'000;
    Micros execution = 0, longest_execution = 0;  ///< 0: any time
    std::int64_t positions = 100'000;             ///< of one list
    std::int64_t products = 1'000'000;            ///< of one job
    std::int64_t active = 100;                    ///< of one user, that have not ended
    std::int64_t products_per_task = 256;
    std::int64_t tasks_at_once = 0;  ///< of all jobs; 0: two a worker
  } jobs;

  /// Of [scheduling.system] and so on; app::policy_options makes rules of them.
  struct SchedulingClass {
    double weight = 1;
    Micros bound = 0;  ///< 0: never
    std::vector<std::string> users, groups, services;
  };
  struct Scheduling {
    Micros half_life = 3'600'000'000, memory = 60'000'000;
    Micros task_time = 2'000'000;  ///< of a batch, at most
    SchedulingClass system{16, 300'000'000, {}, {}, {}};
    SchedulingClass internal{8, 900'000'000, {}, {}, {}};
    SchedulingClass priority{4, 3'600'000'000, {}, {}, {}};
    SchedulingClass normal{2, 6 * 3'600'000'000, {}, {}, {}};
    SchedulingClass background{1, 24 * 3'600'000'000, {}, {}, {}};
    struct User {
      double weight = 1;
    };
    std::map<std::string, User> users;  ///< by name
  } scheduling;

  struct Results {
    /// "": jobs in `data`. With {job} in it, the same as `deliver`.
    std::filesystem::path directory;
    /// With {job} in it (batch::Delivery): where products go as files, besides; "": nowhere.
    std::filesystem::path deliver;
    std::string group;            ///< of what is delivered; "": the server's
    std::string mode = "0750";    ///< of its directories, in octal digits
    std::int64_t most_bytes = 0;  ///< of all results; 0: any
    std::int64_t most_bytes_per_user = 0;
  } results;

  AuthSettings auth;
  LdapSettings ldap;
  std::map<std::string, OidcSettings> oidc;  ///< by name

  struct Anonymous {
    bool cutouts = true;          ///< may see and cut what is public
    bool batch = true;            ///< may have jobs
    bool list = false;            ///< may see each other's
    std::int64_t active = 1'000;  ///< jobs of all of them that have not ended
  } anonymous;

  /// What one may use (docs/reference/quota.md); nullopt: nothing is said of it; kUnlimited.
  struct QuotaLimits {
    using Limit = std::optional<std::int64_t>;
    Limit cutouts_per_day, cutouts_per_month, positions_per_job, jobs, running_jobs, bytes,
        worker_seconds_per_day;
  };
  static constexpr auto kUnlimited = std::numeric_limits<std::int64_t>::max();
  struct Quota {
    std::int64_t block = 50;  ///< real-time cutouts that are leased at once
    QuotaLimits everyone, anonymous;
    std::map<std::string, QuotaLimits> users, groups;  ///< by name
  } quota;

  /// Whom mails about jobs may go to, and by whom.
  struct Mail {
    std::string server;      ///< parse_mail_server; "": no mail
    bool plain = false;      ///< without TLS
    std::string from, user;  ///< "": the server is not told who sends
    Secret password;
    std::filesystem::path ca;          ///< "": the system's
    std::vector<std::string> domains;  ///< parse_mail_domain
  } mail;

  struct Webhook {
    std::vector<std::string> hosts;  ///< parse_webhook_host; none: no webhooks
    Secret secret;
    std::filesystem::path ca;
  } webhook;

  struct Alert {
    std::string url;  ///< "": nobody is told
  } alert;

  struct Notify {
    std::int64_t attempts = 10;
    Micros pause = 60'000'000, longest_pause = 3'600'000'000;
  } notify;

  struct Admin {
    std::filesystem::path socket;  ///< "": see admin_socket()
  } admin;

  struct Log {
    std::string level = "info";   ///< trace, debug, info, warn, error
    std::string format = "auto";  ///< auto, text, json
  } log;

  struct Records {
    Micros keep = 90LL * 86'400 * 1'000'000;  ///< of requests; 0: for ever
    std::int64_t waiting = 10'000;  ///< not yet written; past it they are counted and lost
  } records;

  std::vector<std::filesystem::path> secret_files;  ///< that it names as places of secrets
};

/// kNotFound where there is no file; kUsage with file, line and remedy for an unknown key (and the
/// nearest known), a value of the wrong kind or out of its bounds: the first of them in the file.
/// Every path is the file's: it comes out absolute, the default of `data` too, and `surveys` is
/// surveys.d beside the file where the file does not name another.
Result<Settings> read_settings(const std::filesystem::path& path);
/// The same from a file already read.
Result<Settings> settings_of(const Document& document);
/// `surveys`; where it is "", as without a file, surveys.d in `data`.
std::filesystem::path surveys_directory(const Settings& settings);
/// `plugins.store`; where it is "", plugins in `data`.
std::filesystem::path plugin_store(const Settings& settings);
/// `admin.socket`; where it is "", admin.sock in `data`.
std::filesystem::path admin_socket(const Settings& settings);
/// `results.directory`; where it is "" or a pattern of what is delivered, jobs in `data`.
std::filesystem::path results_directory(const Settings& settings);
/// Files and directories that are nobody's but the server's: secrets, database, results.
std::vector<std::filesystem::path> own_places(const Settings& settings);
/// docs/reference/configuration.md, from the table.
std::string settings_markdown();

}  // namespace recorte::config
