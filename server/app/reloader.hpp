/// What a running server takes up when it is told to: other plugins, survey files, and some of its
/// settings. Plugins are tried before anybody's task meets them; where one of them fails, all goes
/// on as before. New workers come into the place of the old ones, which finish what they are at.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/schedule/pooled_executor.hpp"
#include "core/trust/book.hpp"
#include "server/app/options.hpp"
#include "server/app/plugin_shelf.hpp"
#include "server/service/survey_book.hpp"
#include "server/service/switchboard.hpp"

#include <nlohmann/json_fwd.hpp>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace recorte::app {

class Reloader {
 public:
  /// What it acts on; all of it must outlive it.
  struct Parts {
    trust::Book& book;
    std::vector<schedule::PooledExecutor*> executors;
    service::SurveyBook& surveys;
    const service::Switchboard& switchboard;
  };
  using Done = std::function<void(Result<nlohmann::ordered_json>)>;

  Reloader(Parts parts, PluginShelf shelf, Options options);
  ~Reloader();
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;

  /// One after the other; those who ask while one is under way get the next one's answer
  /// (docs/reference/admin.md). kUsage says why all goes on as before. [any thread]
  void ask(Done done);
  /// Those who still wait are told that the service is stopping.
  void stop();

 private:
  void run();
  Result<nlohmann::ordered_json> reload();
  /// Which libraries came and went. kUsage where they do not do.
  Result<nlohmann::ordered_json> take_up_plugins(const config::Settings& settings);
  nlohmann::ordered_json take_up_settings(const Options& fresh);
  nlohmann::ordered_json describe_surveys();
  std::vector<std::string> served() const;

  const Parts parts_;
  PluginShelf shelf_;
  Options options_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Done> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace recorte::app
