// SPDX-License-Identifier: BSD-3-Clause
#include "server/uws/result_list.hpp"

#include "server/service/job_files.hpp"
#include "server/service/product_response.hpp"

namespace recorte::uws {
namespace {

ResultEntry product_entry(std::size_t number, const batch::Results::Found& found,
                          const std::string& results_url) {
  const auto id = std::to_string(number + 1);
  const auto outcome = found.pack->outcome(found.item);
  // One whose record is broken says so when it is asked for.
  if (!outcome || outcome->error) return {id, results_url + id, "text/plain"};
  return {id, results_url + id, service::media_type_of(outcome->format), outcome->bytes};
}

}  // namespace

std::vector<ResultEntry> result_list(const job::Job& job, const batch::Results* results,
                                     const std::string& job_url) {
  if (results == nullptr || job.phase == job::Phase::kArchived) return {};
  const auto results_url = job_url + "/results/";
  const auto size = results->plan().size();
  // All of these were made: one that is not there is lost, and says so when it is asked for.
  const bool lost = job.phase == job::Phase::kCompleted && !results->missing().empty();
  std::vector<ResultEntry> out;
  if (size <= (job.list.empty() ? kListedOfQuery : kListedOfList))
    for (std::size_t i = 0; i < size; ++i) {
      if (const auto found = results->product(i))
        out.push_back(product_entry(i, *found, results_url));
      else if (lost)
        out.push_back({std::to_string(i + 1), results_url + std::to_string(i + 1), "text/plain"});
    }
  if (job::has_ended(job.phase))
    for (const auto& file : service::job_files())
      out.push_back({std::string(file.name), results_url + std::string(file.name),
                     std::string(file.media_type)});
  return out;
}

}  // namespace recorte::uws
