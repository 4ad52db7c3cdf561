/// What a running server takes up when it is told to: other plugins, survey files, and some of its
/// settings. Plugins are tried before anybody's task meets them; where one of them fails, all goes
/// on as before. New workers come into the place of the old ones, which finish what they are at. In
/// the same way a plugin goes out of use, by an admin's word or as it fails too often.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/plugin/faults.hpp"
#include "core/plugin/store.hpp"
#include "core/schedule/pooled_executor.hpp"
#include "core/trust/book.hpp"
#include "server/admin/plugin_desk.hpp"
#include "server/app/options.hpp"
#include "server/app/plugin_shelf.hpp"
#include "server/service/survey_book.hpp"
#include "server/service/switchboard.hpp"

#include <nlohmann/json_fwd.hpp>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace recorte::app {

using admin::PluginName;

class Reloader {
 public:
  /// What it acts on; all of it must outlive it.
  struct Parts {
    trust::Book& book;
    std::vector<schedule::PooledExecutor*> executors;
    service::SurveyBook& surveys;
    const service::Switchboard& switchboard;
    plugin::Faults& faults;
  };
  using Done = std::function<void(Result<nlohmann::ordered_json>)>;

  Reloader(Parts parts, PluginShelf shelf, Options options);
  ~Reloader();
  Reloader(const Reloader&) = delete;
  Reloader& operator=(const Reloader&) = delete;

  // One after the other, each answered once, on a thread of its own. [any thread]

  /// Those who ask while one is under way get the next one's answer (docs/reference/admin.md).
  /// kUsage says why all goes on as before.
  void reload(Done done);
  /// An admin takes one out of use, or has it used again; answers with what plugins() says of it.
  /// In the store it is disabled or enabled, too. kNotFound where the server has none.
  void disable(const PluginName& plugin, const std::string& why, Done done);
  void enable(const PluginName& plugin, Done done);
  /// What Faults say has changed.
  void look_at_faults();
  /// Those who still wait are told that the service is stopping.
  void stop();

  /// The plugins that the server has (docs/reference/admin.md). [any thread]
  nlohmann::ordered_json plugins() const;
  /// Those that are out of use. [any thread]
  std::vector<plugin::Withdrawn> withdrawn() const;

 private:
  using Act = std::function<Result<nlohmann::ordered_json>()>;
  struct Wish {
    Act act;  ///< none: a reload
    Done done;
  };
  void ask(Act act, Done done);
  void run();
  Result<nlohmann::ordered_json> reload_now();
  /// Which libraries came and went. kUsage where they do not do.
  Result<nlohmann::ordered_json> take_up_plugins(const config::Settings& settings);
  nlohmann::ordered_json take_up_settings(const Options& fresh);
  nlohmann::ordered_json describe_surveys();
  /// Workers with these, and without what is withdrawn, in the place of the others. kUsage where
  /// these are others, and do not do.
  Status use(const std::shared_ptr<const plugin::Snapshot>& snapshot,
             const std::vector<std::filesystem::path>& untried);
  std::vector<std::string> served() const;
  std::shared_ptr<const plugin::Snapshot> snapshot() const;
  Result<nlohmann::ordered_json> described(const PluginName& plugin) const;
  Result<nlohmann::ordered_json> disable_now(const PluginName& plugin, const std::string& why);
  Result<nlohmann::ordered_json> enable_now(const PluginName& plugin);
  plugin::Store store() const;

  const Parts parts_;
  const Options started_;  ///< what the server goes by until it is started anew
  Options options_;        ///< as last read

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  PluginShelf shelf_;  ///< its look() is for the one thread, without the lock
  std::map<std::string, plugin::Faults::Mark> disabled_;
  std::vector<Wish> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace recorte::app
