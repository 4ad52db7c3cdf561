/// Log lines on standard error: for people on a terminal, JSON objects otherwise.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

namespace recorte::log {

enum class Level { kTrace, kDebug, kInfo, kWarn, kError };
enum class Form { kAuto, kText, kJson };

/// A name, and a text or a number.
struct Field {
  std::string_view name;
  std::variant<std::string_view, std::int64_t, double> value;
};

/// Once, at start; without it, warnings and errors are printed in the form kAuto chooses.
void setup(Level least, Form form);
/// One line. Fields are what machines search for: request_id, job_id, user, plugin.
void write(Level level, std::string_view message, std::initializer_list<Field> fields = {});

}  // namespace recorte::log
