// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/service.hpp"

#include "core/base/io.hpp"
#include "core/base/log.hpp"
#include "core/config/address.hpp"
#include "core/db/history.hpp"
#include "core/db/job_store.hpp"
#include "core/db/ledger.hpp"
#include "core/db/request_log.hpp"
#include "core/db/switches.hpp"
#include "core/plugin/faults.hpp"
#include "core/plugin/registry.hpp"
#include "core/quota/blocks.hpp"
#include "core/remote/settings.hpp"
#include "core/schedule/pooled_executor.hpp"
#include "server/api/batch_reader.hpp"
#include "server/app/admin_door.hpp"
#include "server/app/data_directory.hpp"
#include "server/app/edge_settings.hpp"
#include "server/app/identity.hpp"
#include "server/app/job_settings.hpp"
#include "server/app/milliseconds.hpp"
#include "server/app/plugin_shelf.hpp"
#include "server/app/reloader.hpp"
#include "server/app/remote.hpp"
#include "server/app/routes.hpp"
#include "server/app/scheduling_settings.hpp"
#include "server/app/server_state.hpp"
#include "server/app/surveys.hpp"
#include "server/app/trust.hpp"
#include "server/app/worker_settings.hpp"
#include "server/http/edge.hpp"
#include "server/notify/missed.hpp"
#include "server/notify/notifier.hpp"
#include "server/ops/recorder.hpp"
#include "server/service/job_engine.hpp"
#include "server/service/job_links.hpp"
#include "server/soda/batch_reader.hpp"

#include <nlohmann/json.hpp>
#include <sys/statvfs.h>

#include <atomic>
#include <future>
#include <utility>

namespace recorte::app {
namespace {

/// How old an end may be that is still told of, where the server died before it could be.
constexpr Micros kLookBack = 86'400'000'000;

service::OwnerNow owner_now(Identity& identity) {
  return [&identity](const job::Job& job) { return identity.now(job.owner, job.service); };
}

service::JobLinks::Options link_options(const config::Settings& settings,
                                        const service::SurveyBook& surveys, Identity& identity) {
  return {identity.stores().keys.key("link"), settings.auth.links, owner_now(identity),
          [&surveys](const account::Need& need) { return surveys.may_share(need); }};
}

service::JobOptions told(service::JobOptions options, notify::Notifier& notifier,
                         const service::Switchboard& board, const service::SurveyBook& surveys,
                         Identity& identity) {
  options.open_for = [&board](std::string_view survey) { return board.open_for(survey); };
  options.may_see = [&surveys](const std::string& survey, std::string_view release,
                               const account::Principal& principal) {
    return surveys.may_see(survey, release, principal);
  };
  options.may_have = [&surveys](const account::Need& need, const account::Principal& principal) {
    return surveys.may_have(need, principal);
  };
  options.owner_now = owner_now(identity);
  options.may_notify = [&notifier](const std::vector<job::Parameter>& parameters) {
    return notify::check_notify(notifier.options(), parameters);
  };
  options.ended = [&notifier](const job::Job& job) { notifier.job_ended(job); };
  return options;
}

schedule::PooledExecutor::Options watched(
    schedule::LocalExecutor::Options options, const config::Settings::Workers& workers,
    notify::Notifier& notifier, const std::shared_ptr<schedule::Room>& room,
    std::function<void(std::string_view plugin, const std::string& how)> fared,
    const std::shared_ptr<remote::Service>& fetching) {
  options.room = room;
  options.pool.fared = std::move(fared);
  options.pool.fetches = links_to(fetching);
  options.pool.crashed = [&notifier](const std::string& how) { notifier.alert("a worker", how); };
  return pooled(std::move(options), workers);
}

/// Those of other pools come and go.
std::size_t public_workers(const schedule::PooledExecutor& executor) {
  std::size_t out = 0;
  for (const auto& pool : executor.pools())
    if (pool.name == account::kPublic) out = pool.workers;
  return out;
}

/// A sentence, "" for none.
std::string out_of_use(const std::vector<plugin::Withdrawn>& plugins) {
  std::string out;
  for (const auto& [id, version, why] : plugins)
    out += (out.empty() ? "out of use: " : "; ") + id + " " + version + " (" + why + ")";
  return out;
}

}  // namespace

struct Service::Parts {
  Parts(config::Settings with, Options options, PluginShelf shelf, Fd held,
        const db::Database& database, std::unique_ptr<db::RequestLog> log,
        std::unique_ptr<Identity> who, std::unique_ptr<job::Store> store,
        std::unique_ptr<schedule::History> history, std::unique_ptr<schedule::Switches> switched,
        std::unique_ptr<service::Switchboard> board, service::JobOptions jobs_options,
        notify::Options telling, const std::shared_ptr<remote::Service>& fetching)
      : settings(std::move(with)),
        data(std::move(held)),
        records(std::move(log)),
        identity(std::move(who)),
        job_store(std::move(store)),
        ledger({.database = database}),
        quotas(jobs_options.quotas),
        blocks(quotas, ledger, {.block = settings.quota.block, .clock = steady_micros}),
        switches(std::move(switched)),
        switchboard(std::move(board)),
        notifier(std::move(telling), jobs_options.directory, public_url(settings)),
        room(std::make_shared<schedule::Room>(memory_together(settings.workers))),
        faults({static_cast<std::uint64_t>(settings.workers.plugin_faults),
                settings.workers.plugin_faults_within}),
        trust(trust_book(settings, in_use(shelf.now()))),
        executor(std::make_unique<schedule::PooledExecutor>(
            watched(executor_options(settings), settings.workers, notifier, room, fared(),
                    fetching),
            trust)),
        batches(std::make_unique<schedule::PooledExecutor>(
            watched(batch_options(settings), settings.workers, notifier, room, fared(), fetching),
            trust)),
        surveys(settings.surveys, *executor),
        estimates(estimate_options(settings), surveys, std::move(history)),
        cutouts(surveys, *executor, estimates, blocks, budget_of(settings.workers),
                {settings.sync.max_seconds, settings.sync.max_bytes},
                [this](std::string_view survey) { return switchboard->open_for(survey); }),
        identifier(surveys, cutouts),
        jobs(told(std::move(jobs_options), notifier, *switchboard, surveys, *identity), *job_store,
             *executor, *batches, estimates, budget_of(settings.workers),
             {{job::Face::kSoda, soda::batch_reader(identifier)},
              {job::Face::kApi, api::batch_reader()}}),
        links(link_options(settings, surveys, *identity), jobs, *job_store),
        acts(*job_store),
        reloader({*trust, {executor.get(), batches.get()}, surveys, *switchboard, faults},
                 std::move(shelf), std::move(options)),
        slow(static_cast<std::size_t>(settings.limits.slow_handlers),
             static_cast<std::size_t>(settings.limits.slow_waiting)),
        router(
            routes({surveys, cutouts, identifier, jobs, links, *switchboard, metrics,
                    [this] { return checks(); }, [this] { return readings(); }, identity->routes(),
                    identity->can_sign_in(), settings.surveys,
                    plugin::Registry::directories(settings.plugins.directories,
                                                  settings.plugins.store),
                    for_admins()}),
            refuse, {settings.server.cors_origins},
            [this](const std::string& route, const std::string& what) {
              notifier.alert(route, what);
            },
            &slow, identity->guard()) {}

  /// First nobody asks any more, then what was asked is answered, by parts that are still there.
  ~Parts() {
    listens = nullptr;
    switchboard->stop();
    door.reset();
    edge.reset();
    identity->stop();
    slow.stop();
    reloader.stop();
    jobs.stop();
    blocks.stop();
    batches.reset();
    executor.reset();
  }
  /// Hears how each plugin fared in each task.
  std::function<void(std::string_view, const std::string&)> fared();
  std::vector<ops::Check> checks() const;
  ops::Readings readings() const;
  std::string url() const;
  Machine machine() const;
  std::string state() const;
  admin::Parts for_admins();
  Status listen_to_operator();

  const config::Settings settings;
  const Fd data;  ///< the directory is nobody else's
  const std::unique_ptr<db::RequestLog> records;
  const std::unique_ptr<Identity> identity;
  const std::unique_ptr<job::Store> job_store;
  db::Ledger ledger;
  const quota::Quotas quotas;
  quota::Blocks blocks;  ///< of real-time cutouts
  const std::unique_ptr<schedule::Switches> switches;
  const std::unique_ptr<service::Switchboard> switchboard;
  const Micros since = now_micros();
  ops::Metrics metrics;
  notify::Notifier notifier;                   ///< the others tell it what happens
  const std::shared_ptr<schedule::Room> room;  ///< for those with many pixels
  plugin::Faults faults;
  const std::shared_ptr<trust::Book> trust;  ///< which surveys share workers
  std::unique_ptr<schedule::PooledExecutor> executor,
      batches;  ///< for those who wait, and for jobs
  service::SurveyBook surveys;
  service::Estimates estimates;
  service::Cutouts cutouts;
  service::Identifier identifier;
  service::JobEngine jobs;
  service::JobLinks links;
  service::JobAdmin acts;
  Reloader reloader;
  http::Pool slow;  ///< for what asks the store
  const http::Router router;
  std::atomic<bool> stopping = false;
  /// The last to come: its handlers use all of the above.
  std::unique_ptr<http::Edge> edge;
  std::unique_ptr<AdminDoor> door;
  /// The same, for handlers: requests come before whoever started the edge has it.
  std::atomic<const http::Edge*> listens = nullptr;
};

std::function<void(std::string_view, const std::string&)> Service::Parts::fared() {
  return [this](std::string_view plugin, const std::string& how) {
    if (how.empty()) return faults.well(plugin, now_micros());
    if (!faults.ill(plugin, how, now_micros())) return;
    const auto said = "the plugin " + std::string(plugin) + " is out of use: " +
                      faults.of(plugin).mark.value_or(plugin::Faults::Mark{}).why;
    log::write(log::Level::kError, said, {{"plugin", plugin}});
    notifier.alert("a plugin", said);
    reloader.look_at_faults();
  };
}

std::vector<ops::Check> Service::Parts::checks() const {
  const auto limit = static_cast<std::size_t>(settings.workers.waiting);
  const auto database = job_store->check();
  const auto switched = switchboard->now();
  const auto& maintenance = switched->maintenance;
  return {
      {"database", database ? "" : database.error().message},
      {"workers", public_workers(*executor) > 0 ? "" : "no worker runs"},
      {"batch", public_workers(*batches) > 0 ? "" : "no worker for jobs runs"},
      {"plugins", out_of_use(reloader.withdrawn()), true, true},
      {"queue", executor->waiting() < limit ? "" : "the queue of tasks is full"},
      {"maintenance", maintenance ? "nothing new is accepted: " + maintenance->value : "", true},
      {"draining", switched->draining ? "the server takes no new jobs" : ""},
      {"stopping", stopping ? "the server is about to end" : ""}};
}

std::string Service::Parts::url() const {
  const auto address = config::parse_host_port(settings.server.listen);
  const auto host = address ? address->host : "";
  return "http://" + (host.find(':') == host.npos ? host : "[" + host + "]") + ":" +
         std::to_string(edge->port());
}

Machine Service::Parts::machine() const {
  const auto& known = settings.server.base_url;
  return {known.empty() ? url() : known, std::filesystem::absolute(settings.surveys), since,
          *executor, *batches};
}

std::string Service::Parts::state() const { return server_json(machine()).dump(); }

admin::Parts Service::Parts::for_admins() {
  auto& known = identity->stores();
  return {jobs,
          acts,
          *switchboard,
          surveys,
          [this] { return workers_json(*executor, *batches); },
          policy_options(settings),
          known.accounts,
          known.tokens,
          *known.audit,
          known.keys,
          settings.auth.grants,
          [this] { return identity->stores().audit->lost(); },
          {[this] { return reloader.plugins(); },
           [this](auto done) { reloader.reload(std::move(done)); },
           [this](const auto& plugin, auto done) { reloader.enable(plugin, std::move(done)); },
           [this](const auto& plugin, const auto& why, auto done) {
             reloader.disable(plugin, why, std::move(done));
           }},
          [this]() -> const std::vector<http::Route>& { return router.routes(); }};
}

Status Service::Parts::listen_to_operator() {
  auto opened = AdminDoor::open(config::admin_socket(settings), for_admins(),
                                ops::recorder(*records, metrics));
  if (!opened) return fail(std::move(opened).error());
  door = std::move(*opened);
  // In maintenance what waits stays where it is.
  switchboard->start([this] { return state(); },
                     [this](const service::Switched& now) {
                       jobs.set_draining(now.draining || now.maintenance.has_value());
                     });
  return {};
}

ops::Readings Service::Parts::readings() const {
  ops::Readings out;
  const auto real = [](auto count) { return static_cast<double>(count); };
  out.tasks_waiting = real(executor->waiting() + batches->waiting());
  out.tasks_working = real(executor->working() + batches->working());
  out.tasks_finished = real(executor->finished() + batches->finished());
  out.tasks_refused = real(executor->refused() + batches->refused());
  out.workers = real(executor->workers() + batches->workers());
  out.plugin_faults = real(faults.total());
  out.plugins_out_of_use = real(reloader.withdrawn().size());
  out.worker_deaths = real(executor->deaths() + batches->deaths());
  if (const auto* listening = listens.load()) {
    out.connections = real(listening->connections());
    out.answering = real(listening->answering());
    out.edge_refused = real(listening->refused());
  }
  const auto cache = cutouts.cache_use();
  out.image_cache_hits = real(cache.images_found);
  out.image_cache_misses = real(cache.images_opened);
  out.tile_cache_hits = real(cache.tiles_found);
  out.tile_cache_misses = real(cache.tiles_unpacked);
  out.records_lost = real(records->lost());
  out.audit_lost = real(identity->stores().audit->lost());
  struct statvfs disk {};
  if (::statvfs(settings.data.c_str(), &disk) == 0) {
    out.disk_free = real(disk.f_bavail) * real(disk.f_frsize);
    out.disk_size = real(disk.f_blocks) * real(disk.f_frsize);
  }
  return out;
}

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Service::~Service() = default;

Result<std::unique_ptr<Service>> Service::start(Options options) {
  auto settings = options.settings;
  std::error_code made;
  std::filesystem::create_directories(settings.data / "spill", made);
  if (made)
    return fail(ErrorCode::kUnavailable, "the data directory " + settings.data.string() +
                                             " cannot be made: " + made.message());
  auto data = hold_data_directory(settings.data);
  if (!data) return fail(std::move(data).error());
  RECORTE_TRY(use_demo_sky_if_empty(settings, program_directory() / "recorte-tools"));
  auto shelf = PluginShelf::open(settings);
  if (!shelf) return fail(std::move(shelf).error());
  auto edge = edge_options(settings);
  if (!edge) return fail(std::move(edge).error());

  const auto database = db::Database::at(settings.database.url, settings.data);
  if (!database) return fail(database.error());
  auto records =
      db::RequestLog::open({.database = *database,
                            .waiting = static_cast<std::size_t>(settings.records.waiting),
                            .keep = settings.records.keep});
  if (!records) return fail(std::move(records).error());
  auto identity = Identity::open(settings, *database);
  if (!identity) return fail(std::move(identity).error());
  auto store =
      db::JobStore::open({.database = *database, .half_life = settings.scheduling.half_life});
  if (!store) return fail(std::move(store).error());
  auto history = db::History::open(*database);
  if (!history) return fail(std::move(history).error());
  std::unique_ptr<schedule::Switches> switches = std::make_unique<db::Switches>(*database);
  auto board = std::make_unique<service::Switchboard>(
      service::Switchboard::Options{.server = data->name}, *switches);
  RECORTE_TRY(board->learn());
  auto jobs = job_options(settings, std::move(data->name), processes(settings.workers.batch));
  if (!jobs) return fail(std::move(jobs).error());

  jobs->draining = board->now()->maintenance.has_value();

  auto telling = notify::options_of(settings);
  if (!telling) return fail(std::move(telling).error());

  auto fetching = remote::service_of(settings);
  if (!fetching) return fail(std::move(fetching).error());

  // Before this server ends jobs of its own.
  const auto missed = notify::ended_since(**store, now_micros() - kLookBack);
  if (!missed) return fail(missed.error());

  auto parts = std::make_unique<Parts>(std::move(settings), std::move(options), std::move(*shelf),
                                       std::move(data->held), *database, std::move(*records),
                                       std::move(*identity), std::move(*store), std::move(*history),
                                       std::move(switches), std::move(board), std::move(*jobs),
                                       std::move(*telling), std::move(*fetching));
  for (const auto& job : *missed) parts->notifier.job_ended(job);
  RECORTE_TRY(parts->executor->started());
  RECORTE_TRY(parts->batches->started());
  std::promise<void> described;
  parts->surveys.ask([&](const auto&) { described.set_value(); });
  described.get_future().wait();

  auto listening = http::Edge::start(
      std::move(*edge),
      [&router = parts->router](std::shared_ptr<http::Request> request, http::Reply reply) {
        router.handle(std::move(request), std::move(reply));
      },
      ops::recorder(*parts->records, parts->metrics));
  if (!listening) return fail(std::move(listening).error());
  parts->edge = std::move(*listening);
  parts->listens = parts->edge.get();
  RECORTE_TRY(parts->listen_to_operator());
  return std::unique_ptr<Service>(new Service(std::move(parts)));
}

std::string Service::url() const { return parts_->url(); }

void Service::reload() {
  parts_->reloader.reload([](const Result<nlohmann::ordered_json>& done) {
    if (!done) log::write(log::Level::kError, done.error().message);
  });
}

bool Service::stop() {
  parts_->stopping = true;
  parts_->jobs.release_waiters();
  return parts_->edge->drain(milliseconds(parts_->settings.server.grace));
}

}  // namespace recorte::app
