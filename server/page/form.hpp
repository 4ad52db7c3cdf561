/// The form of the page: as it was typed, so that nothing is lost, and as it is understood.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/request.hpp"
#include "server/page/view.hpp"

#include <optional>
#include <string>
#include <vector>

namespace recorte::page {

struct Form {
  struct Field {
    std::string value;  ///< as typed, else the default
    std::string error;  ///< one sentence; "" where it is understood
  };
  /// An empty position is the survey's example; empty bands are all.
  Field survey, position, size, bands;

  const Survey* chosen = nullptr;  ///< the survey named, else the first; null where there is none
  std::optional<View> view;        ///< where all is understood, and there is something to show

  /// 200, 400, or 404 for a survey that is not there.
  int status() const;
  /// The first error; "" where there is none.
  const std::string& error() const;
};

/// Other parameters are ignored. `surveys` must outlive the form.
Form read_form(const http::Request& request, const std::vector<Survey>& surveys);

}  // namespace recorte::page
