/// What an admin has switched, as this server knows it: maintenance, surveys that are off, servers
/// that are drained. A thread of its own looks the switches up and says that this server lives;
/// whoever asks meanwhile is told what was found last, for the price of a load.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "core/schedule/switches.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace recorte::service {

/// Whether a new request for that survey is taken, "" for whatever asks for none; kUnavailable with
/// what users are told.
using OpenFor = std::function<Status(std::string_view survey)>;
inline const OpenFor kAlwaysOpen = [](std::string_view) { return Status(); };

struct Switched {
  std::optional<schedule::Switch> maintenance;
  std::map<std::string, schedule::Switch, std::less<>> surveys_off;  ///< by id
  bool draining = false;                                             ///< this server

  Status open_for(std::string_view survey) const;
  /// What users are told of the survey; null while it is on.
  const std::string* off(std::string_view survey) const;
};

class Switchboard {
 public:
  struct Options {
    std::string server;          ///< this one's name
    Micros look = 1'000'000;     ///< how often switches are looked up
    Micros say = 10'000'000;     ///< how often this server says that it lives
    Micros silent = 35'000'000;  ///< after which a server is taken for gone
  };
  /// `switches` must outlive it.
  Switchboard(Options options, schedule::Switches& switches);
  ~Switchboard();
  Switchboard(const Switchboard&) = delete;
  Switchboard& operator=(const Switchboard&) = delete;

  /// Before anything is served: looks once, and lifts what was left of this server's drain. The
  /// database's error where it cannot.
  Status learn();
  /// Looks by itself from now on, and says that this server lives. `state`: of it, for all others
  /// to show: JSON. `looked` hears of every look. [both: the thread, and whoever switches or looks]
  void start(
      std::function<std::string()> state,
      std::function<void(const Switched&)> looked = [](const Switched&) {});
  /// Says that this server has gone.
  void stop();

  std::shared_ptr<const Switched> now() const {
    const std::lock_guard lock(knowing_);
    return known_;
  }
  Status open_for(std::string_view survey) const { return now()->open_for(survey); }

  // What an admin does, known here at once and elsewhere soon. `by`: who; kNotFound where that was
  // not switched.
  Status begin_maintenance(const std::string& message, const std::string& by);
  Status end_maintenance();
  Status close_survey(const std::string& survey, const std::string& message, const std::string& by);
  Status open_survey(const std::string& survey);
  /// `server`: its name, "" for this one. kNotFound where none of that name lives.
  Status drain(const std::string& server, const std::string& by);
  Status undrain(const std::string& server);

  struct Server {
    schedule::ServerState state;
    bool alive = false, draining = false, here = false;
  };
  Result<std::vector<Server>> servers();

 private:
  Status set(const std::string& name, const std::string& message, const std::string& by);
  Status clear(const std::string& name, const std::string& what);
  Status look();
  void run();

  const Options options_;
  schedule::Switches& switches_;
  /// libstdc++ 12 lets go of an atomic shared pointer before it has surely read it.
  mutable std::mutex knowing_;
  std::shared_ptr<const Switched> known_ = std::make_shared<const Switched>();
  std::function<std::string()> state_ = [] { return std::string("{}"); };
  std::function<void(const Switched&)> looked_ = [](const Switched&) {};
  std::mutex looking_;  ///< one after another, so that the newest is known last
  std::mutex mutex_;
  std::condition_variable ended_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace recorte::service
