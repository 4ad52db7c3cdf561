// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/task.hpp"

#include <nlohmann/json.hpp>

namespace recorte::cutout {
namespace {

using nlohmann::json;

json rect_json(const sky::PixelRect& r) { return {r.x, r.y, r.width, r.height}; }

json error_json(const Error& error) {
  return {{"code", error_row(error.code).name}, {"message", error.message}};
}

/// Runs `read`, turning a document of the wrong shape into an error.
template <class T, class Read>
Result<T> reading(const char* what, Read&& read) {
  try {
    return read();
  } catch (const json::exception& e) {
    return fail(ErrorCode::kInternal, std::string("a broken ") + what + ": " + e.what());
  }
}

}  // namespace

json to_json(const Task& task) {
  json items = json::array();
  for (const auto& item : task.items) {
    json one{{"row", item.row}, {"request", canonical(item.request)}};
    if (item.window) one["window"] = rect_json(*item.window);
    items.push_back(std::move(one));
  }
  return {{"id", task.id},
          {"groups", task.groups},
          {"lane", task.lane == Lane::kRealTime ? "realtime" : "batch"},
          {"memory", task.budget.memory},
          {"wall_ms", task.budget.wall_ms},
          {"max_pixels", task.budget.max_pixels},
          {"items", std::move(items)}};
}

Result<Task> task_from_json(const json& document) {
  return reading<Task>("task", [&]() -> Result<Task> {
    Task task;
    task.id = document.at("id");
    task.groups = document.at("groups").get<std::vector<std::string>>();
    task.lane = document.at("lane") == "batch" ? Lane::kBatch : Lane::kRealTime;
    task.budget = {document.at("memory"), document.at("wall_ms"), document.at("max_pixels")};
    for (const auto& one : document.at("items")) {
      TaskItem item;
      item.row = one.at("row");
      auto request = parse_canonical(one.at("request").get<std::string>());
      if (!request) return fail(std::move(request).error());
      item.request = std::move(*request);
      if (one.contains("window")) {
        const auto& w = one["window"];
        item.window = sky::PixelRect{w.at(0), w.at(1), w.at(2), w.at(3)};
      }
      task.items.push_back(std::move(item));
    }
    return task;
  });
}

json to_json(const TaskReport& report) {
  json out = json::array();
  for (const auto& o : report.outcomes) {
    if (o.error) {
      out.push_back({{"row", o.row}, {"error", error_json(*o.error)}});
      continue;
    }
    json images = json::array();
    for (const auto& i : o.images)
      images.push_back({{"id", i.id}, {"band", i.band}, {"file", i.file}, {"hdu", i.hdu}});
    out.push_back({{"row", o.row},
                   {"offset", o.offset},
                   {"bytes", o.bytes},
                   {"format", kFormatNames[static_cast<std::size_t>(o.format)]},
                   {"width", o.width},
                   {"height", o.height},
                   {"coverage", o.coverage},
                   {"bands", o.bands},
                   {"images", std::move(images)},
                   {"warnings", o.warnings},
                   {"version", o.version},
                   {"adapter", o.adapter},
                   {"algorithm", o.algorithm},
                   {"cache_hits", o.cache_hits},
                   {"cache_misses", o.cache_misses}});
  }
  return out;
}

Result<TaskReport> report_from_json(const json& document) {
  return reading<TaskReport>("report", [&]() -> Result<TaskReport> {
    TaskReport report;
    for (const auto& one : document) {
      Outcome o;
      o.row = one.at("row");
      if (one.contains("error")) {
        const auto& error = one["error"];
        o.error = Error{error_from_name(error.at("code").get<std::string>()), error.at("message")};
      } else {
        o.offset = one.at("offset");
        o.bytes = one.at("bytes");
        for (std::size_t i = 0; i < kFormatNames.size(); ++i)
          if (one.at("format") == kFormatNames[i]) o.format = static_cast<Format>(i);
        o.width = one.at("width");
        o.height = one.at("height");
        o.coverage = one.at("coverage");
        o.bands = one.at("bands").get<std::vector<std::string>>();
        for (const auto& i : one.at("images"))
          o.images.push_back({i.at("id"), i.at("band"), i.at("file"), i.at("hdu")});
        o.warnings = one.at("warnings").get<std::vector<std::string>>();
        o.version = one.at("version");
        o.adapter = one.at("adapter");
        o.algorithm = one.at("algorithm");
        o.cache_hits = one.at("cache_hits");
        o.cache_misses = one.at("cache_misses");
      }
      report.outcomes.push_back(std::move(o));
    }
    return report;
  });
}

}  // namespace recorte::cutout
