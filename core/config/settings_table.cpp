// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/settings_table.hpp"

#include "core/base/text.hpp"
#include "core/config/address.hpp"
#include "core/config/mail_address.hpp"
#include "core/config/plugin_key.hpp"
#include "core/config/settings_rows.hpp"

#include <algorithm>
#include <array>

namespace recorte::config {
namespace {

constexpr std::int64_t kMiB = 1LL << 20, kGiB = 1LL << 30, kTiB = 1LL << 40;
constexpr std::int64_t kMillion = 1'000'000;

using S = Settings;
using rows::at;
using rows::choice;
using rows::kDay;
using rows::kHour;
using rows::kSecond;
using rows::number;
using rows::secret;
using rows::text;

Result<std::string> one_of(std::string_view choices, std::string_view value) {
  const auto known = split(choices, ',');
  if (std::find(known.begin(), known.end(), value) != known.end()) return std::string(value);
  const auto near = did_you_mean(value, known);
  return fail(ErrorCode::kUsage, "'" + std::string(value) + "' is not one of " +
                                     std::string(choices) +
                                     (near.empty() ? "" : "; did you mean " + near + "?"));
}

constexpr std::string_view kLevels = "trace, debug, info, warn, error";
constexpr std::string_view kFormats = "auto, text, json";
Result<std::string> check_level(std::string_view text) { return one_of(kLevels, text); }
Result<std::string> check_format(std::string_view text) { return one_of(kFormats, text); }
Result<std::string> check_mode(std::string_view text) {
  if (text.size() >= 3 && text.size() <= 4 && text.find_first_not_of("01234567") == text.npos)
    return std::string(text);
  return fail(ErrorCode::kUsage, "'" + std::string(text) + "' is no mode, such as 0750");
}
Result<std::string> check_listen(std::string_view text) {
  return parse_host_port(text).map([&](const HostPort&) { return std::string(trim(text)); });
}

/// Never quotes it: it may hold a password, and a mistake in it may make one of anything.
Result<std::string> check_database_url(std::string_view text) {
  if (text.starts_with("sqlite:")) return std::string(text);
  if (!text.starts_with("postgresql://") && !text.starts_with("postgres://"))
    return fail(ErrorCode::kUsage,
                "this begins with neither 'postgresql://' nor 'sqlite:'; write "
                "postgresql://USER@HOST:PORT/NAME or sqlite:PATH");
  const auto rest = text.substr(text.find("//") + 2);
  const auto authority = rest.substr(0, rest.find_first_of("/?"));
  const auto user = authority.substr(0, authority.find('@'));
  const bool password = user.size() < authority.size() && user.find(':') != user.npos;
  if (password || rest.find("password=") != rest.npos)
    return fail(ErrorCode::kUsage,
                "there is a password in it; put the URL into an environment variable or a file of "
                "its own, and write { env = \"NAME\" } or { file = \"PATH\" }");
  return std::string(text);
}

const std::array kKeys{
    text("", "data", Kind::kPath, at<&S::data>, nullptr, "a directory", "", R"("/var/lib/recorte")",
         "Where the database and the results are; made where it is not there."),
    text("", "surveys", Kind::kPath, at<&S::surveys>, nullptr, "a directory",
         "`surveys.d` beside this file", R"("/etc/recorte/surveys.d")",
         "The survey files, one a survey."),

    text("plugins", "directories", Kind::kPaths, at<&S::plugins, &S::Plugins::directories>, nullptr,
         "directories", "the installed ones", R"(["/usr/local/lib/recorte/plugins"])",
         "Where plugins are that came with Recorte or were built here, instead of the usual "
         "directories."),
    text("plugins", "store", Kind::kPath, at<&S::plugins, &S::Plugins::store>, nullptr,
         "a directory", "`plugins` in `data`", R"("/var/lib/recorte/plugins")",
         "Where `recorte plugin install` puts what it takes out of bundles; those of them that are "
         "enabled are used besides the others."),
    text("plugins", "keys", Kind::kTexts, at<&S::plugins, &S::Plugins::keys>, parse_plugin_key,
         "`NAME:BASE64`", "none", R"(["survey-team:tqnOv4jTIS7R1UlXu0hgOcTq5fVLFRv3uEFMl+HXqXk="])",
         "Public keys of those whose signed bundles are installed, as `recorte plugin key` printed "
         "them."),
    choice("plugins", "unsigned", at<&S::plugins, &S::Plugins::accept_unsigned>, "false",
           "Whether bundles that nobody signed are installed. A bundle with a signature that is "
           "wrong, or by a key that is not listed, never is."),

    text("server", "listen", Kind::kText, at<&S::server, &S::Server::listen>, check_listen,
         "`HOST:PORT`", "", R"("127.0.0.1:8080")",
         "Where requests are taken. The host `0.0.0.0` or `[::]` is every address; port 0 is any "
         "free one."),
    text("server", "base_url", Kind::kText, at<&S::server, &S::Server::base_url>, parse_base_url,
         "a URL", "as the request says", R"("https://cutouts.example.org/recorte")",
         "What every URL of the service begins with, as clients see it."),
    text("server", "trusted_proxies", Kind::kTexts, at<&S::server, &S::Server::trusted_proxies>,
         parse_network, "addresses and networks", "", R"(["127.0.0.1", "10.1.0.0/16"])",
         "Whose `Forwarded` and `X-Forwarded-` headers are believed."),
    text("server", "cors_origins", Kind::kTexts, at<&S::server, &S::Server::cors_origins>,
         parse_origin, "origins", "", R"(["https://portal.example.org"])",
         "The sites whose pages may read answers in a browser; `*` is all, an empty list none."),
    number("server", "grace", Kind::kDuration, at<&S::server, &S::Server::grace>, 0, kHour,
           R"("1m")", "At shutdown, how long requests that have begun may take to end."),
    number("server", "reactors", Kind::kInteger, at<&S::server, &S::Server::reactors>, 1, 64, "4",
           "Threads that read requests; with two, a client that sends without end delays half of "
           "the others at most."),

    number("server.limits", "head", Kind::kSize, at<&S::limits, &S::Limits::head>, 256, kMiB,
           R"("16KiB")", "Bytes of a request's first line and headers; else 431."),
    number("server.limits", "body", Kind::kSize, at<&S::limits, &S::Limits::body>, 1, kTiB,
           R"("64MiB")", "Bytes of a request's body; else 413. At most `bodies`."),
    number("server.limits", "bodies", Kind::kSize, at<&S::limits, &S::Limits::bodies>, 1, kTiB,
           R"("1GiB")", "Bytes of all bodies being read at once; else 503."),
    number("server.limits", "parameters", Kind::kInteger, at<&S::limits, &S::Limits::parameters>, 1,
           10 * kMillion, "20000", "Parameters in a request's query and body; else 400."),
    number("server.limits", "connections", Kind::kInteger, at<&S::limits, &S::Limits::connections>,
           1, kMillion, "50000", "Connections at once; more are closed as they come."),
    number("server.limits", "connections_per_address", Kind::kInteger,
           at<&S::limits, &S::Limits::connections_per_address>, 1, kMillion, "64",
           "Connections of one address at once, trusted proxies aside."),
    number(
        "server.limits", "requests_per_second", Kind::kNumber,
        at<&S::limits, &S::Limits::requests_per_second>, 0, kMillion, "50.0",
        "Requests of one address, on average, trusted proxies aside; else 429. 0 is any number."),
    number("server.limits", "burst", Kind::kInteger, at<&S::limits, &S::Limits::burst>, 1, kMillion,
           "100", "Requests of one address in one go, before `requests_per_second` counts."),
    number("server.limits", "header_timeout", Kind::kDuration,
           at<&S::limits, &S::Limits::header_timeout>, kSecond / 100, kHour, R"("10s")",
           "From the first byte of a request's head to its last; else 408."),
    number("server.limits", "body_timeout", Kind::kDuration,
           at<&S::limits, &S::Limits::body_timeout>, kSecond / 100, kDay, R"("1m")",
           "How long a body may come more slowly than `slowest`; else 408."),
    number("server.limits", "idle_timeout", Kind::kDuration,
           at<&S::limits, &S::Limits::idle_timeout>, kSecond / 100, kDay, R"("1m15s")",
           "How long a connection without a request is kept."),
    number("server.limits", "write_timeout", Kind::kDuration,
           at<&S::limits, &S::Limits::write_timeout>, kSecond / 100, kDay, R"("30s")",
           "How long an answer may leave more slowly than `slowest`; then the connection ends."),
    number("server.limits", "slowest", Kind::kSize, at<&S::limits, &S::Limits::slowest>, 0, kGiB,
           R"("4KiB")", "Bytes a second, on average, below which a client is too slow."),
    number("server.limits", "handlers", Kind::kInteger, at<&S::limits, &S::Limits::handlers>, 1,
           256, "4", "Threads that answer what needs no worker."),
    number("server.limits", "waiting", Kind::kInteger, at<&S::limits, &S::Limits::waiting>, 1,
           kMillion, "1000", "Requests waiting for one of these threads; else 503."),
    number("server.limits", "slow_handlers", Kind::kInteger,
           at<&S::limits, &S::Limits::slow_handlers>, 1, 256, "8",
           "Threads that answer what waits for the database or a disk: everything about jobs."),
    number("server.limits", "slow_waiting", Kind::kInteger,
           at<&S::limits, &S::Limits::slow_waiting>, 1, kMillion, "1000",
           "Requests waiting for one of those; else 503."),

    number("workers", "count", Kind::kInteger, at<&S::workers, &S::Workers::count>, 0, 1024, "8",
           "Processes that make cutouts, each one at a time. 0 is one a core."),
    number(
        "workers", "batch", Kind::kInteger, at<&S::workers, &S::Workers::batch>, 0, 1024, "4",
        "Processes that make the products of jobs, where nobody who waits wants the processor. 0 "
        "is one a core."),
    number("workers", "private", Kind::kInteger, at<&S::workers, &S::Workers::most_private>, 0,
           1024, "4",
           "Processes for surveys that are not public, besides: so many for all of their pools "
           "together that make cutouts, and so many for jobs. They start when they are needed. 0 "
           "is as many as `count`, and as `batch`."),
    number("workers", "private_idle", Kind::kDuration, at<&S::workers, &S::Workers::private_idle>,
           kSecond, kDay, R"("15m")",
           "How long a pool that is not public keeps its processes once nobody asks it."),
    text("workers", "readable", Kind::kPaths, at<&S::workers, &S::Workers::readable>, nullptr,
         "paths", "none", R"(["/opt/conda/lib"])",
         "Files and directories that the processes of every pool may read, besides the system's "
         "(`/usr`, `/lib`), the plugins' and their surveys'."),
    number("workers", "plugin_faults", Kind::kInteger, at<&S::workers, &S::Workers::plugin_faults>,
           0, kMillion, "3",
           "A plugin that crashes, hangs or breaks its contract so often, and in one of ten of its "
           "tasks at least, is taken out of use: requests that need it get 503. 0 is never."),
    number("workers", "plugin_faults_within", Kind::kDuration,
           at<&S::workers, &S::Workers::plugin_faults_within>, 10 * kSecond, kDay, R"("1h")",
           "The time in which they are counted."),
    number("workers", "memory", Kind::kSize, at<&S::workers, &S::Workers::memory>, 64 * kMiB, kTiB,
           R"("4GiB")", "Memory that each may take."),
    number("workers", "memory_together", Kind::kSize, at<&S::workers, &S::Workers::memory_together>,
           0, 1024 * kTiB, R"("16GiB")",
           "Memory of all works on many pixels together, by what they are expected to take: those "
           "for which there is none wait, and go alone where they would take more than all of it. "
           "0 is half of the machine's."),
    number("workers", "timeout", Kind::kDuration, at<&S::workers, &S::Workers::timeout>,
           kSecond / 10, kDay, R"("1m30s")", "How long one cutout may take; else 504."),
    number("workers", "grace", Kind::kDuration, at<&S::workers, &S::Workers::grace>, kSecond / 100,
           kHour, R"("5s")",
           "How long a worker may take to stop once its work was cancelled; then it is killed."),
    number("workers", "max_pixels", Kind::kInteger, at<&S::workers, &S::Workers::max_pixels>, 1,
           kMillion* kMillion, "100000000", "Pixels of one plane of a product; else 413."),
    number("workers", "waiting", Kind::kInteger, at<&S::workers, &S::Workers::waiting>, 1, kMillion,
           "1000", "Cutouts waiting for a worker; else 503."),
    number("workers", "product_in_memory", Kind::kSize,
           at<&S::workers, &S::Workers::product_in_memory>, 0, kTiB, R"("64MiB")",
           "A product that may be larger is put on disk, in `data`, until it is sent."),

    number("sync", "max_seconds", Kind::kDuration, at<&S::sync, &S::Sync::max_seconds>, 0, kDay,
           R"("30s")",
           "How long one cutout may take by estimate, for one who waits for it; else 413, with the "
           "same as a job. 0 is any time."),
    number("sync", "max_bytes", Kind::kSize, at<&S::sync, &S::Sync::max_bytes>, 0, kTiB,
           R"("1GiB")", "How large it may be by estimate; else 413. 0 is any size."),

    number("cache", "open_files", Kind::kInteger, at<&S::cache, &S::Cache::open_files>, 1, 100'000,
           "256", "Files that each worker keeps open, with their headers and WCS."),
    number(
        "cache", "unpacked", Kind::kSize, at<&S::cache, &S::Cache::unpacked>, 0, kTiB, R"("4GiB")",
        "Memory of each worker for files that are gzipped or bzipped as a whole, and for unpacked "
        "tiles of all files together."),
    number("cache", "decoded_tiles", Kind::kSize, at<&S::cache, &S::Cache::decoded_tiles>, 0, kTiB,
           R"("64MiB")",
           "Memory for unpacked tiles of each compressed image that a worker has open, where tiles "
           "are unpacked whole (gzip, HCOMPRESS, PLIO)."),
    number(
        "cache", "seek_points", Kind::kSize, at<&S::cache, &S::Cache::seek_points>, 0, kTiB,
        R"("32MiB")",
        "Memory for the places in the Rice code of each compressed image that a worker has open; "
        "`recorte survey index --seek` puts them into files that all workers share."),

    text("database", "url", Kind::kTextOrSecret, at<&S::database, &S::Database::url>,
         check_database_url, "`sqlite:PATH` or `postgresql://USER@HOST:PORT/NAME`",
         "the file `recorte.sqlite` in `data`", R"("postgresql://recorte@db.example.org/recorte")",
         "Where jobs and the records of requests are. A URL with a password is not written here: "
         "`{ env = \"NAME\" }` or `{ file = \"PATH\" }` says where it is."),

    number("jobs", "keep", Kind::kDuration, at<&S::jobs, &S::Jobs::keep>, kSecond, 36'500 * kDay,
           R"("14d")", "How long results are kept, where the user does not say (DESTRUCTION)."),
    number("jobs", "longest_keep", Kind::kDuration, at<&S::jobs, &S::Jobs::longest_keep>, kSecond,
           36'500 * kDay, R"("60d")", "The longest that a user may have them kept."),
    number(
        "jobs", "execution", Kind::kDuration, at<&S::jobs, &S::Jobs::execution>, 0, 3'650 * kDay,
        R"("12h")",
        "How long a job may run, where the user does not say (EXECUTIONDURATION). 0 is any time."),
    number("jobs", "longest_execution", Kind::kDuration, at<&S::jobs, &S::Jobs::longest_execution>,
           0, 3'650 * kDay, R"("2d")", "The longest that a user may ask for. 0 is any time."),
    number("jobs", "positions", Kind::kInteger, at<&S::jobs, &S::Jobs::positions>, 1, 20 * kMillion,
           "1000000", "Rows of one list."),
    number("jobs", "products", Kind::kInteger, at<&S::jobs, &S::Jobs::products>, 1, 100 * kMillion,
           "2000000", "Products of one job: its rows in every survey, format and set of bands."),
    number("jobs", "active", Kind::kInteger, at<&S::jobs, &S::Jobs::active>, 1, kMillion, "500",
           "Jobs of one user that have not ended; else 503."),
    number("jobs", "products_per_task", Kind::kInteger, at<&S::jobs, &S::Jobs::products_per_task>,
           1, 10'000, "100",
           "Products that a worker makes in one go, at most, and that share a file."),
    number("jobs", "tasks_at_once", Kind::kInteger, at<&S::jobs, &S::Jobs::tasks_at_once>, 0, 1024,
           "8", "Tasks of all jobs that are given to the workers at once. 0 is two a worker."),

    text("results", "directory", Kind::kPath, at<&S::results, &S::Results::directory>, nullptr,
         "a directory", "`jobs` in `data`", R"("/data/cutouts")",
         "Where results of jobs are; servers on one PostgreSQL share it."),
    text("results", "deliver", Kind::kPath, at<&S::results, &S::Results::deliver>, nullptr,
         "a path with `{job}`, and `{user}`, in it", "nothing is put anywhere",
         R"("/data/{user}/cutouts/{job}")",
         "Where the products of a job are put as files, besides, once it is done. A `directory` "
         "with "
         "`{job}` in it means the same, with the results in `data`."),
    text("results", "group", Kind::kText, at<&S::results, &S::Results::group>, nullptr,
         "a group's name", "the server's", R"("astro")", "The group of what is put there."),
    text("results", "mode", Kind::kText, at<&S::results, &S::Results::mode>, check_mode,
         "octal digits", "", R"("0770")",
         "The mode of directories that are made there; that of files without the execute bits."),
    number("results", "most_bytes", Kind::kSize, at<&S::results, &S::Results::most_bytes>, 0,
           1024 * kTiB, R"("2TiB")",
           "All results together; past it those of the oldest jobs go. 0 is any."),
    number("results", "most_bytes_per_user", Kind::kSize,
           at<&S::results, &S::Results::most_bytes_per_user>, 0, 1024 * kTiB, R"("100GiB")",
           "The same of each user's. 0 is any."),

    choice(
        "anonymous", "cutouts", at<&S::anonymous, &S::Anonymous::cutouts>, "false",
        "Whether users that are not signed in may see and cut what is public. Where not, they get "
        "401 for all but what the service says of itself."),
    choice("anonymous", "batch", at<&S::anonymous, &S::Anonymous::batch>, "false",
           "Whether users that are not signed in may have jobs."),
    choice("anonymous", "list", at<&S::anonymous, &S::Anonymous::list>, "true",
           "Whether they see each other's in lists: for a private machine, or a validator."),
    number("anonymous", "active", Kind::kInteger, at<&S::anonymous, &S::Anonymous::active>, 1,
           kMillion, "5000", "Jobs of all of them together that have not ended; else 503."),

    text("mail", "server", Kind::kText, at<&S::mail, &S::Mail::server>, parse_mail_server,
         "`smtp://HOST:PORT` or `smtps://HOST:PORT`", "no mail is sent",
         R"("smtp://mail.example.org:587")",
         "Who takes mails about jobs that ended. `smtp` asks for TLS (STARTTLS), `smtps` begins "
         "with it."),
    choice("mail", "plain", at<&S::mail, &S::Mail::plain>, "true",
           "Whether mails leave without TLS, and without a password: for a relay on this machine. "
           "Otherwise a server without TLS gets none."),
    text("mail", "from", Kind::kText, at<&S::mail, &S::Mail::from>, parse_mail_address,
         "an address", "none; needed with `server`", R"("recorte@example.org")",
         "Whom they come from, and whom the mail server tells of those that it cannot deliver."),
    text("mail", "user", Kind::kText, at<&S::mail, &S::Mail::user>, nullptr, "a name",
         "the mail server does not ask", R"("recorte")", "The mail server's user."),
    secret("mail", "password", at<&S::mail, &S::Mail::password>,
           R"({ env = "RECORTE_MAIL_PASSWORD" })", "This user's password."),
    text("mail", "ca", Kind::kPath, at<&S::mail, &S::Mail::ca>, nullptr, "a file",
         "those of the system", R"("/etc/recorte/mail-ca.pem")",
         "The certificates that the mail server's must come from."),
    text("mail", "domains", Kind::kTexts, at<&S::mail, &S::Mail::domains>, parse_mail_domain,
         "domains", "nobody", R"(["example.org", "mail.example.net"])",
         "Whom mails may go to: what stands behind the @, exactly; `*` is anybody."),

    text("webhook", "hosts", Kind::kTexts, at<&S::webhook, &S::Webhook::hosts>, parse_webhook_host,
         "`HOST` or `HOST:PORT`, for https, or `http://HOST:PORT`", "nobody is told",
         R"(["hooks.example.org", "portal.example.org:8443"])",
         "Where users may have themselves told that a job ended: exactly these."),
    secret("webhook", "secret", at<&S::webhook, &S::Webhook::secret>,
           R"({ file = "/etc/recorte/webhook-secret" })",
           "The key that webhooks are signed with; needed with `hosts`."),
    text("webhook", "ca", Kind::kPath, at<&S::webhook, &S::Webhook::ca>, nullptr, "a file",
         "those of the system", R"("/etc/recorte/webhook-ca.pem")",
         "The certificates that those of these hosts, and of `alert.url`, must come from."),

    text("alert", "url", Kind::kText, at<&S::alert, &S::Alert::url>, parse_web_url,
         "an http or https URL", "nobody is told", R"("https://ops.example.org/recorte")",
         "Who is told, as by a webhook, of faults of the server and of workers that crash."),

    number("notify", "attempts", Kind::kInteger, at<&S::notify, &S::Notify::attempts>, 1, 100, "12",
           "How often it is tried, at most, to tell somebody by mail or webhook."),
    number("notify", "pause", Kind::kDuration, at<&S::notify, &S::Notify::pause>, kSecond / 100,
           kDay, R"("30s")", "How long after the first time; each further pause is twice as long."),
    number("notify", "longest_pause", Kind::kDuration, at<&S::notify, &S::Notify::longest_pause>,
           kSecond / 100, 7 * kDay, R"("2h")", "But no longer than that."),

    text("admin", "socket", Kind::kPath, at<&S::admin, &S::Admin::socket>, nullptr, "a path",
         "`admin.sock` in `data`", R"("/run/recorte/admin.sock")",
         "The Unix socket of `recorte admin`, which only the server's user can open."),

    text("log", "level", Kind::kText, at<&S::log, &S::Log::level>, check_level, kLevels, "",
         R"("info")", "The least that is logged, on standard error."),
    text("log", "format", Kind::kText, at<&S::log, &S::Log::format>, check_format, kFormats, "",
         R"("json")", "Lines for people, or JSON; `auto` is text on a terminal, JSON otherwise."),

    number("records", "keep", Kind::kDuration, at<&S::records, &S::Records::keep>, 0, 36'500 * kDay,
           R"("365d")", "How long the record of a request is kept in the database. 0 is for ever."),
    number("records", "waiting", Kind::kInteger, at<&S::records, &S::Records::waiting>, 1, kMillion,
           "10000", "Records not yet written; more are counted and lost."),
};

}  // namespace

std::span<const Key> keys() {
  static const auto all = [] {
    std::vector<Key> out(kKeys.begin(), kKeys.end());
    for (const auto more :
         {auth_keys(), ldap_keys(), oidc_keys(), remote_keys(), quota_keys(), scheduling_keys()})
      out.insert(out.end(), more.begin(), more.end());
    return out;
  }();
  return all;
}

std::vector<std::string_view> sections() {
  std::vector<std::string_view> out;
  for (const auto& key : keys())
    if (!key.section.empty() && (out.empty() || out.back() != key.section))
      out.push_back(key.section);
  return out;
}

}  // namespace recorte::config
