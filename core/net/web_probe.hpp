/// Whether a web server answers: one GET, whose answer is thrown away.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/net/delivery.hpp"

#include <string>

namespace recorte::net {

/// kUnavailable where nobody answers, or with anything but 200.
Status probe_web(const std::string& url, const Bounds& bounds);

}  // namespace recorte::net
