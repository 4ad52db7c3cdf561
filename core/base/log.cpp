// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/log.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <memory>
#include <string>

namespace recorte::log {
namespace {

/// Values quote what clients and plugins sent, which may be no UTF-8.
std::string json_text(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

struct AsText {
  std::string operator()(std::string_view text) const { return std::string(text); }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const { return number_text(number); }
};
struct AsJson : AsText {
  using AsText::operator();
  std::string operator()(std::string_view text) const { return json_text(text); }
};

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
    line = "{\"time\":" + json_text(iso_time(now_micros())) +
           ",\"level\":" + json_text({name.data(), name.size()}) +
           ",\"message\":" + json_text(message);
    for (const auto& [key, value] : fields)
      line += "," + json_text(key) + ":" + std::visit(AsJson{}, value);
    line += "}";
  } else {
    line = message;
    for (const auto& [key, value] : fields)
      line += fmt::format(" {}={}", key, std::visit(AsText{}, value));
  }
  logger.sink->log(spd_level, "{}", line);
}

}  // namespace recorte::log
