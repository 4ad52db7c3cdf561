// SPDX-License-Identifier: BSD-3-Clause
#include "server/uws/handlers.hpp"
#include "server/uws/uws.hpp"

namespace recorte::uws {

using http::Need;
using http::Of;

std::vector<http::Route> routes(service::Jobs& jobs) {
  const http::Access look{Need::kRead, "", Of::kJob}, change{Need::kSubmit, "change", Of::kJob},
      download{Need::kRead, "download", Of::kJob};
  return {
      {"/async", {"GET"}, {Need::kRead}, list_handler(jobs)},
      {"/async", {"POST"}, {Need::kSubmit, "submit", Of::kSurvey}, create_handler(jobs)},
      {"/async/{id}", {"GET"}, look, job_handler(jobs)},
      {"/async/{id}", {"POST"}, change, act_handler(jobs)},
      {"/async/{id}", {"DELETE"}, change, remove_handler(jobs)},
      {"/async/{id}/phase", {"GET"}, look, phase_handler(jobs)},
      {"/async/{id}/phase", {"POST"}, change, set_phase_handler(jobs)},
      {"/async/{id}/executionduration", {"GET"}, look, execution_handler(jobs)},
      {"/async/{id}/executionduration", {"POST"}, change, set_execution_handler(jobs)},
      {"/async/{id}/destruction", {"GET"}, look, destruction_handler(jobs)},
      {"/async/{id}/destruction", {"POST"}, change, set_destruction_handler(jobs)},
      {"/async/{id}/quote", {"GET"}, look, quote_handler(jobs)},
      {"/async/{id}/owner", {"GET"}, look, owner_handler(jobs)},
      {"/async/{id}/error", {"GET"}, look, error_handler(jobs)},
      {"/async/{id}/parameters", {"GET"}, look, parameters_handler(jobs)},
      {"/async/{id}/parameters", {"POST"}, change, set_parameters_handler(jobs)},
      {"/async/{id}/results", {"GET"}, look, results_handler(jobs)},
      {"/async/{id}/results/{name}", {"GET"}, download, result_handler(jobs)},
  };
}

}  // namespace recorte::uws
