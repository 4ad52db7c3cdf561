// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/job_settings.hpp"

#include "core/base/id.hpp"
#include "core/base/io.hpp"
#include "core/base/text.hpp"

#include <filesystem>

namespace recorte::app {
namespace {

constexpr Micros kSecond = 1'000'000;
constexpr int kOctal = 8;
constexpr std::size_t kLongestName = 1'024;

Result<std::string> server_name(const std::filesystem::path& data) {
  const auto file = data / "server-name";
  auto known = read_file(file, kLongestName);
  if (known && !trim(*known).empty()) return std::string(trim(*known));
  auto name = random_hex(8);
  RECORTE_TRY(write_file(file, name + "\n"));
  return name;
}

}  // namespace

Result<service::JobOptions> job_options(const config::Settings& settings, std::size_t workers) {
  service::JobOptions out;
  const auto& directory = settings.results.directory;
  const bool delivers = directory.string().find('{') != std::string::npos;
  out.directory = directory.empty() || delivers ? settings.data / "jobs" : directory;
  if (delivers) {
    out.delivery = batch::Delivery{
        directory.string(), settings.results.group,
        static_cast<std::uint32_t>(std::stoul(settings.results.mode, nullptr, kOctal))};
    RECORTE_TRY(batch::check(*out.delivery));
  }
  std::error_code error;
  std::filesystem::create_directories(out.directory, error);
  if (error)
    return fail(ErrorCode::kUnavailable, "the directory of results " + out.directory.string() +
                                             " cannot be made: " + error.message());
  auto name = server_name(settings.data);
  if (!name) return fail(std::move(name).error());
  out.server = std::move(*name);
  const auto& jobs = settings.jobs;
  out.keep = jobs.keep;
  out.longest_keep = jobs.longest_keep;
  out.execution_seconds = jobs.execution / kSecond;
  out.longest_execution = jobs.longest_execution / kSecond;
  out.bounds = {jobs.positions, jobs.products};
  out.products_per_task = jobs.products_per_task;
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
