// SPDX-License-Identifier: BSD-3-Clause
#include "server/uws/handlers.hpp"
#include "server/uws/uws.hpp"

namespace recorte::uws {

std::vector<http::Route> routes(service::Jobs& jobs) {
  return {
      {"/async", {"GET"}, list_handler(jobs)},
      {"/async", {"POST"}, create_handler(jobs)},
      {"/async/{id}", {"GET"}, job_handler(jobs)},
      {"/async/{id}", {"POST"}, act_handler(jobs)},
      {"/async/{id}", {"DELETE"}, remove_handler(jobs)},
      {"/async/{id}/phase", {"GET"}, phase_handler(jobs)},
      {"/async/{id}/phase", {"POST"}, set_phase_handler(jobs)},
      {"/async/{id}/executionduration", {"GET"}, execution_handler(jobs)},
      {"/async/{id}/executionduration", {"POST"}, set_execution_handler(jobs)},
      {"/async/{id}/destruction", {"GET"}, destruction_handler(jobs)},
      {"/async/{id}/destruction", {"POST"}, set_destruction_handler(jobs)},
      {"/async/{id}/quote", {"GET"}, quote_handler(jobs)},
      {"/async/{id}/owner", {"GET"}, owner_handler(jobs)},
      {"/async/{id}/error", {"GET"}, error_handler(jobs)},
      {"/async/{id}/parameters", {"GET"}, parameters_handler(jobs)},
      {"/async/{id}/parameters", {"POST"}, set_parameters_handler(jobs)},
      {"/async/{id}/results", {"GET"}, results_handler(jobs)},
      {"/async/{id}/results/{name}", {"GET"}, result_handler(jobs)},
  };
}

}  // namespace recorte::uws
