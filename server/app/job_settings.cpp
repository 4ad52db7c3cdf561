// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/job_settings.hpp"

#include "core/quota/settings.hpp"
#include "server/app/scheduling_settings.hpp"

#include <filesystem>
#include <utility>

namespace recorte::app {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr int kOctal = 8;

/// The pattern of delivery, by either of its keys; "" for none.
Result<std::string> delivery_pattern(const config::Settings::Results& results) {
  const auto directory = results.directory.string();
  const bool is_pattern = directory.find('{') != std::string::npos;
  if (is_pattern && !results.deliver.empty())
    return fail(ErrorCode::kUsage, "[results] directory '" + directory +
                                       "' is a pattern, and so is deliver; leave the pattern to "
                                       "deliver, and let directory say where the results are");
  return is_pattern ? directory : results.deliver.string();
}

}  // namespace

Result<service::JobOptions> job_options(const config::Settings& settings, std::string server,
                                        std::size_t workers) {
  service::JobOptions out;
  out.server = std::move(server);
  auto pattern = delivery_pattern(settings.results);
  if (!pattern) return fail(std::move(pattern).error());
  out.directory = config::results_directory(settings);
  if (!pattern->empty()) {
    out.delivery = batch::Delivery{
        *pattern, settings.results.group,
        static_cast<std::uint32_t>(std::stoul(settings.results.mode, nullptr, kOctal))};
    RECORTE_TRY(batch::check(*out.delivery));
  }
  std::error_code error;
  std::filesystem::create_directories(out.directory, error);
  if (error)
    return fail(ErrorCode::kUnavailable, "the directory of results " + out.directory.string() +
                                             " cannot be made: " + error.message());
  const auto& jobs = settings.jobs;
  out.keep = jobs.keep;
  out.longest_keep = jobs.longest_keep;
  out.execution_seconds = jobs.execution / kSecond;
  out.longest_execution = jobs.longest_execution / kSecond;
  out.quotas = quota::quotas_of(settings);
  out.queue.policy = policy_options(settings);
  out.queue.hands = static_cast<double>(workers);
  out.queue.server = out.server;
  out.bounds = {jobs.positions, jobs.products};
  out.products_per_task = jobs.products_per_task;
  out.task_time = settings.scheduling.task_time;
  out.tasks_at_once =
      jobs.tasks_at_once > 0 ? jobs.tasks_at_once : 2 * static_cast<std::int64_t>(workers);
  out.most_bytes = settings.results.most_bytes;
  out.most_bytes_of_one = settings.results.most_bytes_per_user;
  out.anonymous_batch = settings.anonymous.batch;
  out.anonymous_list = settings.anonymous.list;
  out.active = jobs.active;
  out.anonymous_active = settings.anonymous.active;
  out.most_parameters = static_cast<std::size_t>(settings.limits.parameters);
  return out;
}

}  // namespace recorte::app
