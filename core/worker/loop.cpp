// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/loop.hpp"

#include "core/base/log.hpp"
#include "core/cutout/cutter.hpp"
#include "core/cutout/located_json.hpp"
#include "core/plugin/registry.hpp"
#include "core/worker/channel.hpp"
#include "core/worker/control_page.hpp"
#include "core/worker/limits.hpp"

#include <fcntl.h>
#include <nlohmann/json.hpp>

namespace recorte::worker {
namespace {

using nlohmann::json;

json error_reply(const Error& error) {
  return {{"error", {{"code", error_row(error.code).name}, {"message", error.message}}}};
}

json describe(cutout::Cutter& cutter, const json& message, const cutout::Watch& watch) {
  auto survey = cutter.catalogue().survey(message.at("survey"), watch);
  return survey ? json{{"result", cutout::describe(**survey)}} : error_reply(survey.error());
}

json locate(cutout::Cutter& cutter, const cutout::Task& task, const cutout::Watch& watch) {
  json rows = json::array();
  for (const auto& item : task.items) {
    auto location = cutter.locate(item, task, watch);
    if (!location) {
      rows.push_back(error_reply(location.error()));
      continue;
    }
    rows.push_back(cutout::located_json(*location));
  }
  return {{"result", std::move(rows)}};
}

json answer(cutout::Cutter& cutter, const json& message, int sink, const cutout::Watch& watch) {
  const auto op = message.at("op").get<std::string>();
  if (op == "describe") return describe(cutter, message, watch);
  auto task = cutout::task_from_json(message.at("task"));
  if (!task) return error_reply(task.error());
  if (op == "locate") return locate(cutter, *task, watch);
  if (op == "run" && sink >= 0) {
    auto report = cutter.run(*task, watch, sink);
    return report ? json{{"result", to_json(*report)}} : error_reply(report.error());
  }
  return error_reply({ErrorCode::kInternal, "a worker was asked for '" + op + "'"});
}

}  // namespace

int run_loop(const WorkerOptions& options) {
  keep_freed_memory();
  if (auto limited = apply_limits(options.memory); !limited) {
    log::write(log::Level::kError, limited.error().message);
    return 1;
  }
  // Not for what a plugin may start.
  for (const int descriptor : {kSocketDescriptor, kControlDescriptor})
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  leave_signals_to_supervisor();
  end_with_supervisor(kSocketDescriptor);
  auto control = ControlPage::map(Fd(kControlDescriptor));
  if (!control) {
    log::write(log::Level::kError, control.error().message);
    return 1;
  }
  cutout::Watch watch;
  watch.cancelled = [&] { return control->cancelled(); };
  watch.stage = [&](std::string_view text) { control->set_stage(text); };
  watch.progress = [&](double fraction) { control->set_progress(fraction); };

  const auto directories =
      options.plugins.empty() ? plugin::Registry::default_directories() : options.plugins;
  cutout::Cutter cutter(options.surveys, plugin::Registry::scan(directories), options.open_files);
  const Fd socket(kSocketDescriptor);
  for (;;) {
    auto message = receive(socket.get());
    if (!message) return 0;
    json reply;
    json call;
    try {
      const auto document = json::parse(message->text);
      call = document.at("call");
      reply = answer(cutter, document, message->descriptor.get(), watch);
    } catch (const std::bad_alloc&) {
      reply =
          error_reply({ErrorCode::kTooLarge, "the task needs more memory than a worker may have (" +
                                                 std::to_string(options.memory >> 20) +
                                                 " MiB): ask for less, or raise worker memory"});
    } catch (const std::exception& e) {
      reply = error_reply({ErrorCode::kInternal, std::string("a bug in Recorte: ") + e.what()});
    }
    reply["call"] = call;
    // Names and messages of plugins may hold bytes that are no UTF-8.
    if (!send(socket.get(), reply.dump(-1, ' ', false, json::error_handler_t::replace))) return 0;
  }
}

}  // namespace recorte::worker
