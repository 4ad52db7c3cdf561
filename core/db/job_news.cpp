// SPDX-License-Identifier: BSD-3-Clause
#include "core/db/job_news.hpp"

#include "core/base/io.hpp"
#include "core/base/log.hpp"
#include "core/db/session.hpp"

#include <poll.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <random>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace recorte::db {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr auto kStatement = 1s;
constexpr std::size_t kMostWaiting = 10'000;  // past it, any may have been changed
constexpr milliseconds kFirstPause = 50ms, kLongestPause = 2000ms;

}  // namespace

/// One that listens to an SQLite file, among all of this process. It is told on a thread of its
/// own: who changes a job may hold what it needs.
class JobNews::Here {
 public:
  Here(std::string file, Told told)
      : file_(std::move(file)), told_(std::move(told)), thread_([this] { run(); }) {}
  ~Here() { thread_.join(); }
  Here(const Here&) = delete;
  Here& operator=(const Here&) = delete;

  static void add(const std::shared_ptr<Here>& one) {
    const std::lock_guard lock(registry().mutex);
    registry().all.push_back(one);
  }
  /// It is told nothing any more once it is destroyed, which waits for what it is being told.
  void end() {
    {
      const std::lock_guard lock(registry().mutex);
      std::erase_if(registry().all, [this](const auto& one) { return one.get() == this; });
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    wake_.notify_one();
  }
  static void tell_all(const std::string& file, const std::string& id) {
    const std::lock_guard lock(registry().mutex);
    for (const auto& one : registry().all)
      if (one->file_ == file) one->tell(id);
  }

 private:
  struct Registry {
    std::mutex mutex;
    std::vector<std::shared_ptr<Here>> all;
  };
  static Registry& registry() {
    static Registry registry;
    return registry;
  }

  void tell(const std::string& id) {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMostWaiting) waiting_ = {""};
    waiting_.insert(id);
    wake_.notify_one();
  }
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
      if (ended_) return;
      const auto ids = std::exchange(waiting_, {});
      lock.unlock();
      for (const auto& id : ids) told_(id);
      lock.lock();
    }
  }

  const std::string file_;
  const Told told_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::set<std::string> waiting_;  // each once, however often it was changed
  bool ended_ = false;
  std::thread thread_;
};

/// A connection and a thread of its own, that wait for what PostgreSQL says.
class JobNews::There {
 public:
  There(const Database& database, Told told)
      : database_(database), told_(std::move(told)), wake_(::eventfd(0, EFD_CLOEXEC)) {
    if (!wake_) throw std::runtime_error(os_error("cannot make an eventfd").message);
    thread_ = std::thread([this] { run(); });
  }
  ~There() {
    const std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
    thread_.join();
  }
  There(const There&) = delete;
  There& operator=(const There&) = delete;

 private:
  void run() {
    auto pause = kFirstPause;
    for (bool silent = false;;) {
      const auto failure = listen_once(pause, silent);
      if (failure.empty()) return;
      if (!std::exchange(silent, true))
        log::write(log::Level::kWarn, "changes of jobs by other servers are not heard of for now",
                   {{"reason", failure}});
      if (ended_within(pause + pause * (random_() % 100) / 100)) return;
      pause = std::min(2 * pause, kLongestPause);
    }
  }

  /// Until the connection is lost: why. "" at the end of all. `pause` and `silent` are set anew
  /// once it listens.
  std::string listen_once(milliseconds& pause, bool& silent) {
    auto session = open_session(database_, kStatement);
    if (!session) return session.error().message;
    auto* connection =
        static_cast<soci::postgresql_session_backend*>((*session)->get_backend())->conn_;
    try {
      **session << "listen recorte_job";
    } catch (const soci::soci_error& error) {
      return database_error(error, database_).message;
    }
    pause = kFirstPause;
    silent = false;
    told_("");  // what was changed before was not heard
    for (;;) {
      while (auto* news = PQnotifies(connection)) {
        const std::string id = news->extra;
        PQfreemem(news);
        told_(id);
      }
      pollfd ready[2]{{PQsocket(connection), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
      if (::poll(ready, 2, -1) < 0 && errno != EINTR) return os_error("poll").message;
      if (ready[1].revents != 0) return "";
      if (ready[0].revents != 0 && PQconsumeInput(connection) == 0)
        return "the connection to the database " + database_.name() + " was lost";
    }
  }
  bool ended_within(milliseconds time) {
    pollfd ready{wake_.get(), POLLIN, 0};
    return ::poll(&ready, 1, static_cast<int>(time.count())) > 0;
  }

  const Database database_;
  const Told told_;
  const Fd wake_;
  std::minstd_rand random_{std::random_device{}()};
  std::thread thread_;
};

JobNews::JobNews(Database database)
    : database_(std::move(database)),
      file_(database_.embedded() ? std::filesystem::weakly_canonical(database_.file()).string()
                                 : "") {}
JobNews::~JobNews() { end(); }

void JobNews::end() {
  if (here_) here_->end();
  here_.reset();
  there_.reset();
}

void JobNews::listen(Told told) {
  if (here_ || there_) throw std::logic_error("jobs are listened to once");
  if (database_.embedded()) {
    here_ = std::make_shared<Here>(file_, std::move(told));
    Here::add(here_);
  } else {
    there_ = std::make_unique<There>(database_, std::move(told));
  }
}

void JobNews::changed(soci::session& session, const std::string& id) {
  if (database_.embedded()) return;
  std::string nothing;
  session << "select cast(pg_notify('recorte_job', :id) as text)", soci::use(id),
      soci::into(nothing);
}

void JobNews::committed(const std::string& id) {
  if (database_.embedded()) Here::tell_all(file_, id);
}

}  // namespace recorte::db
