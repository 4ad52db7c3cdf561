/// The handlers behind the routes of /async, by what they do.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/handler.hpp"
#include "server/service/jobs.hpp"

namespace recorte::uws {

/// `jobs` must outlive each.

http::Handler list_handler(service::Jobs& jobs);    ///< GET /async
http::Handler create_handler(service::Jobs& jobs);  ///< POST /async

http::Handler job_handler(service::Jobs& jobs);  ///< GET of a job, which may WAIT
/// GET of what a job says of itself.
http::Handler phase_handler(service::Jobs& jobs);
http::Handler execution_handler(service::Jobs& jobs);
http::Handler destruction_handler(service::Jobs& jobs);
http::Handler quote_handler(service::Jobs& jobs);
http::Handler owner_handler(service::Jobs& jobs);
http::Handler error_handler(service::Jobs& jobs);
http::Handler parameters_handler(service::Jobs& jobs);
http::Handler results_handler(service::Jobs& jobs);
http::Handler result_handler(service::Jobs& jobs);  ///< one of them: a product, or a file

/// Each answers 303 to the job, or after a removal to the list.
http::Handler set_phase_handler(service::Jobs& jobs);
http::Handler set_execution_handler(service::Jobs& jobs);
http::Handler set_destruction_handler(service::Jobs& jobs);
http::Handler set_parameters_handler(service::Jobs& jobs);
http::Handler remove_handler(service::Jobs& jobs);  ///< DELETE of a job
http::Handler act_handler(service::Jobs& jobs);     ///< POST to a job: ACTION=DELETE

}  // namespace recorte::uws
