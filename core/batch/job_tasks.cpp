// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/job_tasks.hpp"

#include "core/batch/order.hpp"
#include "core/batch/results.hpp"

#include <algorithm>
#include <unordered_set>

namespace recorte::batch {
namespace {

/// A short job is shared out among the workers.
std::int64_t products_of_task(std::int64_t products, std::int64_t most, std::size_t workers) {
  const auto share = products / static_cast<std::int64_t>(2 * std::max<std::size_t>(1, workers));
  return std::clamp<std::int64_t>(share, 1, std::max<std::int64_t>(1, most));
}

/// Adds the products to the order, and tasks of `each` of them from `number` on.
Result<std::vector<job::Task>> add(job::Store& store, const std::string& id,
                                   const std::filesystem::path& directory,
                                   std::span<const std::uint32_t> products, std::int64_t number,
                                   std::int64_t each) {
  auto first = append_order(directory, products);
  if (!first) return fail(std::move(first).error());
  const auto count = static_cast<std::int64_t>(products.size());
  std::vector<job::Task> tasks;
  for (std::int64_t at = 0; at < count; at += each) {
    job::Task task;
    task.number = number++;
    task.first = *first + at;
    task.count = std::min(each, count - at);
    tasks.push_back(task);
  }
  RECORTE_TRY(store.add_tasks(id, tasks));
  return tasks;
}

/// Products that failed, or whose pack is gone, and that no task is going to make, in the order in
/// which they were made.
Result<std::vector<std::uint32_t>> failed_products(const std::filesystem::path& directory,
                                                   const std::vector<job::Task>& tasks) {
  std::vector<std::int64_t> numbers;
  std::vector<std::uint32_t> made;
  std::unordered_set<std::uint32_t> coming;
  for (const auto& task : tasks) {
    const auto order = read_order(directory, task.first, task.count);
    if (!order) return fail(order.error());
    if (task.done) {
      numbers.push_back(task.number);
      made.insert(made.end(), order->begin(), order->end());
    } else {
      coming.insert(order->begin(), order->end());
    }
  }
  const auto results = Results::open(directory, numbers);
  if (!results) return fail(results.error());
  std::vector<std::uint32_t> out;
  for (const auto product : made) {
    const auto found = (*results)->product(product);
    const bool good = found && found->pack->slot(found->item).status != ItemStatus::kFailed;
    if (!good && coming.insert(product).second) out.push_back(product);
  }
  return out;
}

}  // namespace

Result<std::vector<job::Task>> job_tasks(job::Store& store, const job::Job& job,
                                         const std::filesystem::path& directory, const Plan& plan,
                                         std::int64_t most, std::size_t workers) {
  auto out = store.tasks(job.id);
  if (!out) return out;
  if (out->empty()) {
    const auto order = sky_order(plan);
    const auto each = products_of_task(static_cast<std::int64_t>(order.size()), most, workers);
    return add(store, job.id, directory, order, 0, each);
  }
  if (job.phase != job::Phase::kQueued) return out;
  const auto failed = failed_products(directory, *out);
  if (!failed) return fail(failed.error());
  if (failed->empty()) return out;
  const auto added =
      add(store, job.id, directory, *failed, out->back().number + 1,
          products_of_task(static_cast<std::int64_t>(failed->size()), most, workers));
  if (!added) return fail(added.error());
  out->insert(out->end(), added->begin(), added->end());
  return out;
}

}  // namespace recorte::batch
