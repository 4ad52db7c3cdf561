/// What a SODA request says: its parameters read, checked, and sorted into those that multiply
/// (ID × region × BAND × TIME, each combination one result: SODA 1.0, 3) and those that hold for
/// all.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/parameters.hpp"
#include "core/sky/stencil.hpp"
#include "server/http/request.hpp"
#include "server/service/identify.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace recorte::soda {

struct Query {
  std::vector<std::string> ids;
  std::vector<sky::Stencil> regions;        ///< of POS, CIRCLE and POLYGON, in their order
  std::vector<std::string> bands;           ///< BAND: wavelength intervals, metres, checked
  std::vector<std::string> times;           ///< TIME: MJD intervals, checked
  cutout::RequestDraft common;              ///< FILTER, PLANES, ALGORITHM, FORMAT, …
  bool plain_fits = false;                  ///< RESPONSEFORMAT asks for image/fits by that name
  std::optional<std::int64_t> max_records;  ///< MAXREC
  std::string run_id;

  /// Results that it asks for.
  std::size_t combinations() const;
};

/// Names compare without case, values do not; unknown parameters are ignored, and so are empty
/// values, which forms send. kUsage names the value and the remedy; kMultiValued a parameter that
/// cannot be repeated.
Result<Query> read_query(const std::vector<http::Parameter>& parameters);

/// The one request of a query of one combination, for the data that its ID named. kMultiValued
/// where there are more; kUsage where a survey has no region.
Result<cutout::CutoutRequest> single_request(const Query& query, const service::Identified& data);

}  // namespace recorte::soda
