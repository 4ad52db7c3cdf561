// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/loop.hpp"

#include "core/base/log.hpp"
#include "core/cutout/cutter.hpp"
#include "core/cutout/located_json.hpp"
#include "core/plugin/registry.hpp"
#include "core/remote/client.hpp"
#include "core/remote/start.hpp"
#include "core/worker/channel.hpp"
#include "core/worker/control_page.hpp"
#include "core/worker/fence.hpp"
#include "core/worker/limits.hpp"
#include "core/worker/messages.hpp"

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <poll.h>

namespace recorte::worker {
namespace {

using nlohmann::json;

/// Names and messages of plugins may hold bytes that are no UTF-8.
std::string text_of(const json& document) {
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<std::string> describe(cutout::Cutter& cutter, const std::string& id,
                             const cutout::Watch& watch) {
  auto survey = cutter.catalogue().survey(id, watch);
  if (!survey) return fail(std::move(survey).error());
  return text_of(cutout::describe(**survey));
}

Result<std::string> locate(cutout::Cutter& cutter, const cutout::Task& task,
                           const cutout::Watch& watch) {
  json rows = json::array();
  for (const auto& item : task.items) {
    auto location = cutter.locate(item, task, watch);
    if (location) {
      rows.push_back(cutout::located_json(*location));
      continue;
    }
    const auto& error = location.error();
    rows.push_back({{"error", {{"code", error_row(error.code).name}, {"message", error.message}}}});
  }
  return text_of(rows);
}

Result<std::string> load(cutout::Cutter& cutter, const std::string& file,
                         const cutout::Watch& watch) {
  if (file.empty()) return std::string();
  if (auto loaded = cutter.catalogue().load(file, watch); !loaded)
    return fail(std::move(loaded).error());
  return std::string();
}

Result<std::string> answer(cutout::Cutter& cutter, const Question& question, int sink,
                           const cutout::Watch& watch) {
  if (question.operation == Operation::kDescribe) return describe(cutter, question.body, watch);
  if (question.operation == Operation::kLoad) return load(cutter, question.body, watch);
  auto task = cutout::decode_task(question.body, watch.cancelled);
  if (!task) return fail(std::move(task).error());
  if (question.operation == Operation::kLocate) return locate(cutter, *task, watch);
  if (question.operation == Operation::kCover) return cutter.cover(*task, watch);
  if (sink < 0) return fail(ErrorCode::kInternal, "a task came without a sink");
  auto report = cutter.run(*task, watch, sink);
  if (!report) return fail(std::move(report).error());
  return cutout::encode(*report);
}

/// The same, whatever is thrown.
Result<std::string> safe_answer(cutout::Cutter& cutter, const Question& question, int sink,
                                const cutout::Watch& watch, std::uint64_t memory) {
  try {
    return answer(cutter, question, sink, watch);
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::kTooLarge, "the task needs more memory than a worker may have (" +
                                          std::to_string(memory >> 20) +
                                          " MiB): ask for less, or raise worker memory");
  } catch (const std::exception& e) {
    return fail(ErrorCode::kInternal, std::string("a bug in Recorte: ") + e.what());
  }
}

/// Whether the supervisor is gone. The next one may have taken its plugins away by now.
bool is_alone() {
  pollfd closed{kSocketDescriptor, 0, 0};
  return ::poll(&closed, 1, 0) > 0;
}

/// While there is one thread and no plugin.
Status fence_in() {
  const Fd list(kFenceDescriptor);
  const auto readable = unpack_readable(list.get());
  if (!readable) return fail(readable.error());
  RECORTE_TRY(give_up_rights());
  RECORTE_TRY(fence_files(*readable));
  return fence_calls();
}

/// A worker without a fence starts somebody who fetches; another one has been given a link.
Result<Fd> fetching_link(const WorkerOptions& options) {
  if (!options.fenced) return remote::start_fetcher();
  Fd link(options.fetched_for ? ::fcntl(kFetchDescriptor, F_DUPFD_CLOEXEC, 0) : -1);
  if (!link)
    return fail(ErrorCode::kUnavailable,
                "remote files are not fetched for this survey: their hosts stand in [remote] of "
                "the configuration, and where its own begin in remote of [access] of its file");
  return link;
}

}  // namespace

int run_loop(const WorkerOptions& options) {
  keep_freed_memory();
  if (auto limited = apply_limits(options.memory); !limited) {
    log::write(log::Level::kError, limited.error().message);
    return 1;
  }
  if (auto fenced = options.fenced ? fence_in() : Status(); !fenced) {
    log::write(log::Level::kError, fenced.error().message);
    return 1;
  }
  if (options.idle)
    if (auto given = give_way(); !given) log::write(log::Level::kWarn, given.error().message);
  // Not for what a plugin may start.
  for (const int descriptor : {kSocketDescriptor, kControlDescriptor, kFetchDescriptor})
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
  watch.alone = is_alone;
  watch.stage = [&](std::string_view text) { control->set_stage(text); };
  watch.progress = [&](double fraction) { control->set_progress(fraction); };
  watch.finished = [&](std::uint64_t items) { control->set_finished(items); };

  const auto directories =
      options.plugins.empty() ? plugin::Registry::default_directories() : options.plugins;
  auto registry = plugin::Registry::scan(directories);
  registry.withdraw(options.withdrawn);
  remote::Client remote({[&] { return fetching_link(options); }, watch.cancelled});
  cutout::Cutter cutter(options.surveys, std::move(registry), options.cache, &remote);
  const Fd socket(kSocketDescriptor);
  for (;;) {
    auto message = receive(socket.get());
    if (!message) return 0;
    const auto question = decode_question(message->text);
    if (!question) {
      log::write(log::Level::kError,
                 "a worker was sent what is no question: recorte, recorte-server "
                 "and recorte-worker must be of one build");
      return 1;
    }
    Reply reply{question->call,
                safe_answer(cutter, *question, message->descriptor.get(), watch, options.memory)};
    reply.faults = cutter.take_faults();
    if (!send(socket.get(), encode(reply))) return 0;
  }
}

}  // namespace recorte::worker
