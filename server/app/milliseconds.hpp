/// The configuration has microseconds; what waits for something counts milliseconds.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"

#include <cstdint>

namespace recorte::app {

constexpr std::int64_t milliseconds(Micros time) { return time / 1'000; }

}  // namespace recorte::app
