// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/log.hpp"

#include "core/base/time.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <memory>
#include <string>

namespace recorte::log {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<int>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

struct Logger {
  std::shared_ptr<spdlog::logger> sink;
  bool json = false;
};

Logger make(Level least, Form form) {
  Logger logger{std::make_shared<spdlog::logger>(
                    "recorte", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()),
                form == Form::kJson || (form == Form::kAuto && ::isatty(STDERR_FILENO) == 0)};
  logger.sink->set_level(static_cast<spdlog::level::level_enum>(least));
  logger.sink->set_pattern(logger.json ? "%v" : "%H:%M:%S.%e %^%l%$ %v");
  logger.sink->flush_on(spdlog::level::warn);
  return logger;
}

Logger& current() {
  static Logger logger = make(Level::kWarn, Form::kAuto);
  return logger;
}

}  // namespace

void setup(Level least, Form form) { current() = make(least, form); }

void write(Level level, std::string_view message, std::initializer_list<Field> fields) {
  auto& logger = current();
  const auto spd_level = static_cast<spdlog::level::level_enum>(level);
  if (!logger.sink->should_log(spd_level)) return;
  std::string line;
  if (logger.json) {
    const auto name = spdlog::level::to_string_view(spd_level);
    line = "{\"time\":" + quoted(iso_time(now_micros())) +
           ",\"level\":" + quoted({name.data(), name.size()}) + ",\"message\":" + quoted(message);
    for (const auto& [key, value] : fields) line += "," + quoted(key) + ":" + quoted(value);
    line += "}";
  } else {
    line = message;
    for (const auto& [key, value] : fields) line += fmt::format(" {}={}", key, value);
  }
  logger.sink->log(spd_level, "{}", line);
}

}  // namespace recorte::log
