// SPDX-License-Identifier: BSD-3-Clause
#include "server/uws/handlers.hpp"
#include "server/uws/uws.hpp"

namespace recorte::uws {

std::vector<http::Route> routes(service::Jobs& jobs) {
  return {
      {"/async", {"GET"}, {http::Need::kRead}, list_handler(jobs)},
      {"/async", {"POST"}, {http::Need::kSubmit, "submit"}, create_handler(jobs)},
      {"/async/{id}", {"GET"}, {http::Need::kRead}, job_handler(jobs)},
      {"/async/{id}", {"POST"}, {http::Need::kSubmit, "change"}, act_handler(jobs)},
      {"/async/{id}", {"DELETE"}, {http::Need::kSubmit, "change"}, remove_handler(jobs)},
      {"/async/{id}/phase", {"GET"}, {http::Need::kRead}, phase_handler(jobs)},
      {"/async/{id}/phase", {"POST"}, {http::Need::kSubmit, "change"}, set_phase_handler(jobs)},
      {"/async/{id}/executionduration", {"GET"}, {http::Need::kRead}, execution_handler(jobs)},
      {"/async/{id}/executionduration",
       {"POST"},
       {http::Need::kSubmit, "change"},
       set_execution_handler(jobs)},
      {"/async/{id}/destruction", {"GET"}, {http::Need::kRead}, destruction_handler(jobs)},
      {"/async/{id}/destruction",
       {"POST"},
       {http::Need::kSubmit, "change"},
       set_destruction_handler(jobs)},
      {"/async/{id}/quote", {"GET"}, {http::Need::kRead}, quote_handler(jobs)},
      {"/async/{id}/owner", {"GET"}, {http::Need::kRead}, owner_handler(jobs)},
      {"/async/{id}/error", {"GET"}, {http::Need::kRead}, error_handler(jobs)},
      {"/async/{id}/parameters", {"GET"}, {http::Need::kRead}, parameters_handler(jobs)},
      {"/async/{id}/parameters",
       {"POST"},
       {http::Need::kSubmit, "change"},
       set_parameters_handler(jobs)},
      {"/async/{id}/results", {"GET"}, {http::Need::kRead}, results_handler(jobs)},
      {"/async/{id}/results/{name}",
       {"GET"},
       {http::Need::kRead, "download"},
       result_handler(jobs)},
  };
}

}  // namespace recorte::uws
