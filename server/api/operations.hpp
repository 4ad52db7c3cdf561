/// What each route does, in a table: from it and the table of parameters come /openapi.json and the
/// page to try the interface.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace recorte::api {

/// Of a query, or of a form.
struct Field {
  std::string_view name, help, example;
  bool required = false, repeatable = false;
};

/// Which parameters an operation takes, apart from those of its path.
enum class Takes {
  kNothing,
  kCutout,   ///< the table of parameters, by its names
  kSoda,     ///< and by SODA's
  kSodaJob,  ///< these, and UWS's own
  kJob,      ///< the table's, and the job's own
  kEstimate,
  kFilter,
  kUwsFilter,
  kWindow,
  kWait,
  kPhase,
  kPlace,
  kLink,
  kShared,
  kSharedWindow,
  kDuration,
  kDestruction,
  kAction,
  kToken,
  kDevice,
  kHandle,
};

struct Operation {
  std::string_view method, path, summary;
  Takes takes = Takes::kNothing;
  std::string_view answer;  ///< media type
  int status = 200;
  std::string_view schema = "";  ///< of a JSON answer: its name in the document
};

std::span<const Operation> operations();
/// In the order in which a form shows them.
std::vector<Field> fields_of(Takes takes);
/// Whether it may come with a list of positions, as a file.
bool takes_list(Takes takes);

}  // namespace recorte::api
