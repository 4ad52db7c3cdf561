// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/operations.hpp"

#include "core/cutout/parameters.hpp"

#include <array>
#include <set>
#include <string>

namespace recorte::api {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kXml = "text/xml";
constexpr std::string_view kText = "text/plain";
constexpr std::string_view kFits = "application/fits";
constexpr std::string_view kAny = "*/*";

constexpr std::array kOperations{
    Operation{"GET", "/api/v1/cutout", "A cutout: the product itself", Takes::kCutout, kFits},
    Operation{"POST", "/api/v1/cutout", "A cutout, of a form", Takes::kCutout, kFits},
    Operation{"GET", "/api/v1/images", "The images that cover a position or a region",
              Takes::kCutout, kJson},
    Operation{"GET", "/api/v1/surveys", "The surveys, their bands and planes", Takes::kNothing,
              kJson},
    Operation{"GET", "/api/v1/surveys/{id}", "One survey", Takes::kNothing, kJson},
    Operation{"GET", "/api/v1/surveys/{id}/coverage.png", "A picture of what a survey covers",
              Takes::kNothing, "image/png"},
    Operation{"GET", "/api/v1/surveys/{id}/moc.fits", "The same as an IVOA MOC, in FITS",
              Takes::kNothing, kFits},
    Operation{"GET", "/api/v1/surveys/{id}/moc.json", "The same as an IVOA MOC, in JSON",
              Takes::kNothing, kJson},
    Operation{"POST", "/api/v1/jobs", "A job of many cutouts: a list of positions, in any survey",
              Takes::kJob, kJson, 201, "CreatedJob"},
    Operation{"POST", "/api/v1/estimate", "How long a job would take, and how large it would be",
              Takes::kEstimate, kJson, 200, "Estimate"},
    Operation{"GET", "/api/v1/jobs", "The jobs that you may see, the newest first", Takes::kFilter,
              kJson, 200, "JobList"},
    Operation{"GET", "/api/v1/jobs/{id}", "One job", Takes::kNothing, kJson, 200, "Job"},
    Operation{"DELETE", "/api/v1/jobs/{id}", "Removes a job and its results", Takes::kNothing, "",
              204},
    Operation{"POST", "/api/v1/jobs/{id}/run", "Starts a job, or lets one go on", Takes::kNothing,
              kJson, 200, "Job"},
    Operation{"POST", "/api/v1/jobs/{id}/cancel", "Stops a job; what is made stays",
              Takes::kNothing, kJson, 200, "Job"},
    Operation{"POST", "/api/v1/jobs/{id}/retry", "Makes what is missing or failed of a job",
              Takes::kNothing, kJson, 200, "Job"},
    Operation{"POST", "/api/v1/jobs/{id}/pause", "Holds a job; what is made stays", Takes::kNothing,
              kJson, 200, "Job"},
    Operation{"POST", "/api/v1/jobs/{id}/resume", "Lets a job that is held go on", Takes::kNothing,
              kJson, 200, "Job"},
    Operation{"POST", "/api/v1/jobs/{id}/place", "Moves a job among your own that wait",
              Takes::kPlace, kJson, 200, "Job"},
    Operation{"POST", "/api/v1/jobs/{id}/rerun", "A new job of an old one's request",
              Takes::kNothing, kJson, 201, "CreatedJob"},
    Operation{"GET", "/api/v1/jobs/{id}/events", "The progress of a job, as server-sent events",
              Takes::kNothing, "text/event-stream"},
    Operation{"GET", "/api/v1/jobs/{id}/products", "The manifest, a page of it, also while it runs",
              Takes::kWindow, kJson, 200, "ProductPage"},
    Operation{"GET", "/api/v1/jobs/{id}/results/{number}", "One product, counted from 1",
              Takes::kNothing, kFits},
    Operation{"GET", "/api/v1/jobs/{id}/manifest.csv", "The manifest as CSV", Takes::kNothing,
              "text/csv"},
    Operation{"GET", "/api/v1/jobs/{id}/manifest.vot", "The manifest as a VOTable", Takes::kNothing,
              "application/x-votable+xml"},
    Operation{"GET", "/api/v1/jobs/{id}/manifest.json", "The manifest as JSON", Takes::kNothing,
              kJson},
    Operation{"GET", "/api/v1/jobs/{id}/manifest.fits", "The manifest as a FITS table",
              Takes::kNothing, kFits},
    Operation{"GET", "/api/v1/jobs/{id}/products.zip", "All products, as one zip", Takes::kNothing,
              "application/zip"},
    Operation{"GET", "/api/v1/jobs/{id}/products.tar", "All products, as one tar", Takes::kNothing,
              "application/x-tar"},
    Operation{"POST", "/api/v1/jobs/{id}/link", "A link by which others read results of a job",
              Takes::kLink, kJson, 201},
    Operation{"DELETE", "/api/v1/jobs/{id}/link", "Ends all links to a job's results",
              Takes::kNothing, "", 204},
    Operation{"GET", "/api/v1/shared/{id}/products", "The products of a shared job, a page of them",
              Takes::kSharedWindow, kJson, 200, "ProductPage"},
    Operation{"GET", "/api/v1/shared/{id}/results/{number}", "A shared product, counted from 1",
              Takes::kShared, kFits},
    Operation{"GET", "/api/v1/shared/{id}/manifest.csv", "A shared manifest as CSV", Takes::kShared,
              "text/csv"},
    Operation{"GET", "/api/v1/shared/{id}/manifest.vot", "A shared manifest as a VOTable",
              Takes::kShared, "application/x-votable+xml"},
    Operation{"GET", "/api/v1/shared/{id}/manifest.json", "A shared manifest as JSON",
              Takes::kShared, kJson},
    Operation{"GET", "/api/v1/shared/{id}/manifest.fits", "A shared manifest as a FITS table",
              Takes::kShared, kFits},
    Operation{"GET", "/api/v1/shared/{id}/products.zip", "All products of a shared job, as one zip",
              Takes::kShared, "application/zip"},
    Operation{"GET", "/api/v1/shared/{id}/products.tar", "All products of a shared job, as one tar",
              Takes::kShared, "application/x-tar"},
    Operation{"GET", "/api/v1/quota", "What you may use, and have used", Takes::kNothing, kJson,
              200, "Quota"},
    Operation{"GET", "/api/v1/me", "Who you are here, and what you may", Takes::kNothing, kJson},
    Operation{"GET", "/api/v1/tokens", "Your tokens, the newest first", Takes::kNothing, kJson},
    Operation{"POST", "/api/v1/tokens", "A new token of yours, shown this once", Takes::kToken,
              kJson, 201},
    Operation{"DELETE", "/api/v1/tokens/{id}", "Revokes a token of yours", Takes::kNothing, "",
              204},
    Operation{"POST", "/api/v1/login/device", "Begins to sign in from a terminal", Takes::kDevice,
              kJson},
    Operation{"POST", "/api/v1/login/token", "A token, once the user has signed in", Takes::kHandle,
              kJson},
    Operation{"GET", "/sync", "SODA 1.0: a cutout", Takes::kSoda, kFits},
    Operation{"POST", "/sync", "SODA 1.0: a cutout, of a form", Takes::kSoda, kFits},
    Operation{"POST", "/async", "UWS 1.1: a SODA job", Takes::kSodaJob, "", 303},
    Operation{"GET", "/async", "UWS 1.1: the jobs that you may see", Takes::kUwsFilter, kXml},
    Operation{"GET", "/async/{id}", "UWS 1.1: a job", Takes::kWait, kXml},
    Operation{"POST", "/async/{id}", "UWS 1.1: removes a job", Takes::kAction, "", 303},
    Operation{"DELETE", "/async/{id}", "UWS 1.1: removes a job", Takes::kNothing, "", 303},
    Operation{"GET", "/async/{id}/phase", "UWS 1.1: its phase", Takes::kNothing, kText},
    Operation{"POST", "/async/{id}/phase", "UWS 1.1: runs or aborts it", Takes::kPhase, "", 303},
    Operation{"GET", "/async/{id}/executionduration", "UWS 1.1: seconds that it may run",
              Takes::kNothing, kText},
    Operation{"POST", "/async/{id}/executionduration", "UWS 1.1: sets them", Takes::kDuration, "",
              303},
    Operation{"GET", "/async/{id}/destruction", "UWS 1.1: when its results go", Takes::kNothing,
              kText},
    Operation{"POST", "/async/{id}/destruction", "UWS 1.1: sets that", Takes::kDestruction, "",
              303},
    Operation{"GET", "/async/{id}/quote", "UWS 1.1: when it is expected to be done",
              Takes::kNothing, kText},
    Operation{"GET", "/async/{id}/owner", "UWS 1.1: whose it is", Takes::kNothing, kText},
    Operation{"GET", "/async/{id}/error", "UWS 1.1: why it failed", Takes::kNothing, kText},
    Operation{"GET", "/async/{id}/parameters", "UWS 1.1: its parameters", Takes::kNothing, kXml},
    Operation{"POST", "/async/{id}/parameters", "UWS 1.1: sets some, while it is PENDING",
              Takes::kSoda, "", 303},
    Operation{"GET", "/async/{id}/results", "UWS 1.1: its results", Takes::kNothing, kXml},
    Operation{"GET", "/async/{id}/results/{name}",
              "UWS 1.1: a product by its number, or manifest.csv and so on", Takes::kNothing, kAny},
    Operation{"GET", "/.well-known/oauth-protected-resource",
              "Which providers' tokens are taken (RFC 9728)", Takes::kNothing, kJson},
    Operation{"GET", "/capabilities", "VOSI 1.1: what is served", Takes::kNothing, kXml},
    Operation{"GET", "/availability", "VOSI 1.1: whether it works now", Takes::kNothing, kXml},
    Operation{"GET", "/healthz", "Whether the server lives", Takes::kNothing, kText},
    Operation{"GET", "/readyz", "Whether requests are welcome", Takes::kNothing, kJson},
    Operation{"GET", "/metrics", "Numbers for operators, as Prometheus has them", Takes::kNothing,
              kText},
    Operation{"GET", "/openapi.json", "This document", Takes::kNothing, kJson},
};

constexpr Field kPhase{"phase", "Jobs in this phase; several: in any of them", "COMPLETED", false,
                       true};
constexpr Field kAfter{"after", "Jobs made later than this, UTC", "2026-12-24T18:00:00Z"};
constexpr Field kLast{"last", "So many, the newest", "10"};
constexpr Field kDuration{"EXECUTIONDURATION", "Seconds that it may run; 0: any time", "3600"};
constexpr Field kDestruction{"DESTRUCTION", "When its results go, UTC", "2026-12-24T18:00:00Z"};
constexpr Field kRunId{"RUNID", "Your name for it, at most 64 characters", "night 12"};
constexpr Field kNotify{"NOTIFY", "A mail address or URL to tell when it ends; at most 10",
                        "me@example.org", false, true};

constexpr Field kExpires{"expires", "Of the link", "1796000000", true};
constexpr Field kSignature{"signature", "Of the link", "", true};

std::vector<Field> table_fields() {
  std::vector<Field> out;
  for (const auto& row : cutout::parameters())
    out.push_back({row.name, row.help, row.example, false, row.repeatable});
  return out;
}

std::vector<Field> soda_fields() {
  std::vector<Field> out{{"ID", "A survey, its release, or an image", "demo", true, true},
                         {"POS", "CIRCLE, RANGE or POLYGON and its numbers, degrees",
                          "CIRCLE 0.055 10.005 0.004", false, true},
                         {"RESPONSEFORMAT", "Type of the answer", "application/fits"},
                         kRunId};
  std::set<std::string_view> said{"ID", "POS"};
  for (const auto& row : cutout::parameters())
    if (!row.soda.empty() && said.insert(row.soda).second)
      out.push_back({row.soda, row.help, row.example, false, row.repeatable});
  return out;
}

std::vector<Field> with(std::vector<Field> fields, std::initializer_list<Field> more) {
  fields.insert(fields.end(), more);
  return fields;
}

}  // namespace

std::span<const Operation> operations() { return kOperations; }

std::vector<Field> fields_of(Takes takes) {
  switch (takes) {
    case Takes::kNothing: break;
    case Takes::kCutout: return table_fields();
    case Takes::kSoda: return soda_fields();
    case Takes::kSodaJob:
      return with(soda_fields(),
                  {{"PHASE", "RUN: at once", "RUN"}, kDuration, kDestruction, kNotify});
    case Takes::kEstimate:
      return with(table_fields(),
                  {{"positions", "So many, instead of a position, a region or a list", "1000"}});
    case Takes::kJob:
      return with(table_fields(), {{"run", "Whether it runs at once", "true"},
                                   {"run_id", kRunId.help, kRunId.example},
                                   {"execution_duration", kDuration.help, kDuration.example},
                                   {"destruction", kDestruction.help, kDestruction.example},
                                   {"notify", kNotify.help, kNotify.example, false, true}});
    case Takes::kFilter:
      return {kPhase,
              kAfter,
              kLast,
              {"run_id", "Jobs with this run id", "night 12"},
              {"before", "Those made before this job: the next page", ""},
              {"limit", "So many on a page, at most 1000", "100"}};
    case Takes::kUwsFilter:
      return {{"PHASE", kPhase.help, kPhase.example, false, true},
              {"AFTER", kAfter.help, kAfter.example},
              {"LAST", kLast.help, kLast.example}};
    case Takes::kWindow:
      return {{"offset", "Products to skip", "0"},
              {"limit", "So many on a page, at most 1000", "100"}};
    case Takes::kWait:
      return {{"WAIT", "Seconds to wait for another phase, at most 60", "10"},
              {"PHASE", "Wait only while it is in this phase", "EXECUTING"}};
    case Takes::kLink:
      return {{"what", "all, products, results/1, manifest.csv, products.zip and so on", "all"},
              {"expires", "How long it is good", "7d"}};
    case Takes::kShared: return {kExpires, kSignature};
    case Takes::kSharedWindow: return with(fields_of(Takes::kWindow), {kExpires, kSignature});
    case Takes::kPhase: return {{"PHASE", "RUN or ABORT", "RUN", true}};
    case Takes::kDuration: return {{kDuration.name, kDuration.help, kDuration.example, true}};
    case Takes::kPlace: return {{"place", "The higher goes first; 0 to begin with", "1", true}};
    case Takes::kDestruction:
      return {{kDestruction.name, kDestruction.help, kDestruction.example, true}};
    case Takes::kToken:
      return {{"name", "Your name for it", "notebook", true},
              {"scopes", "read, submit, admin, survey:NAME, of what you may yourself", "read"},
              {"expires", "How long it is good for, at most 366d", "90d"}};
    case Takes::kDevice: return {{"provider", "Where to sign in; none: the first", "cilogon"}};
    case Takes::kHandle:
      return {{"handle", "That /api/v1/login/device gave", "", true},
              {"name", "Your name for the token", "laptop"}};
    case Takes::kAction: return {{"ACTION", "DELETE", "DELETE", true}};
  }
  return {};
}

bool takes_list(Takes takes) {
  return takes == Takes::kJob || takes == Takes::kEstimate || takes == Takes::kSodaJob;
}

}  // namespace recorte::api
