// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/first_tasks.hpp"

#include "core/batch/order.hpp"
#include "core/batch/sky_order.hpp"

#include <algorithm>

namespace recorte::batch {
namespace {

/// A task should not keep a worker from others for longer, by the history.
constexpr std::int64_t kTaskMicros = 4'000'000;

std::int64_t products_of_task(job::Store& store, std::int64_t products, std::int64_t most,
                              std::size_t workers) {
  const auto each = store.work_per_product();
  if (each && *each > 0) most = std::min(most, std::max<std::int64_t>(1, kTaskMicros / *each));
  const auto share = products / static_cast<std::int64_t>(2 * std::max<std::size_t>(1, workers));
  return std::clamp<std::int64_t>(share, 1, std::max<std::int64_t>(1, most));
}

}  // namespace

Result<std::vector<job::Task>> first_tasks(job::Store& store, const std::string& id,
                                           const std::filesystem::path& directory, const Plan& plan,
                                           std::int64_t most, std::size_t workers) {
  auto known = store.tasks(id);
  if (!known || !known->empty()) return known;
  const auto order = sky_order(plan);
  auto first = append_order(directory, order);
  if (!first) return fail(std::move(first).error());
  const auto products = static_cast<std::int64_t>(order.size());
  const auto each = products_of_task(store, products, most, workers);
  std::vector<job::Task> tasks;
  for (std::int64_t at = 0; at < products; at += each) {
    job::Task task;
    task.number = static_cast<std::int64_t>(tasks.size());
    task.first = *first + at;
    task.count = std::min(each, products - at);
    tasks.push_back(task);
  }
  RECORTE_TRY(store.add_tasks(id, tasks));
  return tasks;
}

}  // namespace recorte::batch
