// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/task.hpp"

#include "core/base/bytes.hpp"
#include "core/base/utf8.hpp"

namespace recorte::cutout {
namespace {

// The first byte of either: whoever changes what follows changes it too.
constexpr std::uint8_t kTaskForm = 3, kReportForm = 4;
/// That packs may have of older programs: the same without needs.
constexpr std::uint8_t kFormWithoutNeeds = 3;

void add(ByteWriter& out, const std::vector<std::string>& texts) {
  out.add(static_cast<std::uint64_t>(texts.size()));
  for (const auto& text : texts) out.add(text);
}

std::vector<std::string> texts(ByteReader& in) {
  std::vector<std::string> out(in.count(sizeof(std::uint64_t)));
  for (auto& text : out) text = in.text();
  return out;
}

/// Of a report: a name or a message, which a plugin or a damaged file may have said in bytes that
/// are no UTF-8.
std::string said(ByteReader& in) { return good_utf8(in.text()); }

std::vector<std::string> all_said(ByteReader& in) {
  auto out = texts(in);
  for (auto& text : out) text = good_utf8(text);
  return out;
}

template <class Enum>
Enum choice(ByteReader& in, std::size_t count, bool& good) {
  const auto value = in.get<std::uint8_t>();
  good = good && value < count;
  return static_cast<Enum>(good ? value : 0);
}

void add(ByteWriter& out, const Outcome& o) {
  out.add(o.row);
  out.add(o.seconds);
  out.add(o.error.has_value());
  if (o.error) {
    out.add(error_row(o.error->code).name);
    return out.add(o.error->message);
  }
  for (const auto n : {o.offset, o.bytes, o.width, o.height, o.cache.images_found,
                       o.cache.images_opened, o.cache.tiles_found, o.cache.tiles_unpacked})
    out.add(n);
  out.add(static_cast<std::uint8_t>(o.format));
  out.add(o.coverage);
  add(out, o.bands);
  out.add(static_cast<std::uint64_t>(o.images.size()));
  for (const auto& image : o.images) {
    for (const auto& text : {&image.id, &image.band, &image.file}) out.add(*text);
    out.add(image.hdu);
  }
  add(out, o.warnings);
  for (const auto& text : {&o.version, &o.adapter, &o.algorithm, &o.release, &o.unit})
    out.add(*text);
  for (const auto n : {o.pixel_scale, o.target_x, o.target_y, o.masked_fraction, o.mjd_min,
                       o.mjd_max, o.exposure, o.zero_point})
    out.add(n);
  out.add(static_cast<std::uint64_t>(o.needs.size()));
  for (const auto& need : o.needs)
    for (const auto* text : {&need.survey, &need.release, &need.release_group, &need.image_group})
      out.add(*text);
}

Outcome outcome(ByteReader& in, bool& good, std::uint8_t form = kReportForm) {
  Outcome o;
  o.row = in.get<std::uint64_t>();
  o.seconds = in.get<double>();
  if (in.get<std::uint8_t>() != 0) {
    const auto code = error_from_name(in.text());
    o.error = Error{code, said(in)};
    return o;
  }
  for (auto* n : {&o.offset, &o.bytes, &o.width, &o.height, &o.cache.images_found,
                  &o.cache.images_opened, &o.cache.tiles_found, &o.cache.tiles_unpacked})
    *n = in.get<std::int64_t>();
  o.format = choice<Format>(in, kFormatNames.size(), good);
  o.coverage = in.get<double>();
  o.bands = all_said(in);
  o.images.resize(in.count(3 * sizeof(std::uint64_t)));
  for (auto& image : o.images) {
    for (auto* text : {&image.id, &image.band, &image.file}) *text = said(in);
    image.hdu = in.get<int>();
  }
  o.warnings = all_said(in);
  for (auto* text : {&o.version, &o.adapter, &o.algorithm, &o.release, &o.unit}) *text = said(in);
  for (auto* n : {&o.pixel_scale, &o.target_x, &o.target_y, &o.masked_fraction, &o.mjd_min,
                  &o.mjd_max, &o.exposure, &o.zero_point})
    *n = in.get<double>();
  if (form == kFormWithoutNeeds) return o;
  o.needs.resize(in.count(4 * sizeof(std::uint64_t)));
  for (auto& need : o.needs)
    for (auto* text : {&need.survey, &need.release, &need.release_group, &need.image_group})
      *text = said(in);
  return o;
}

Error broken(const char* what) {
  return {ErrorCode::kInternal,
          std::string("a broken ") + what +
              ": recorte, recorte-server and recorte-worker must be of one build"};
}

}  // namespace

std::string encode(const Task& task) {
  ByteWriter out;
  out.add(kTaskForm);
  out.add(task.id);
  add(out, task.groups);
  out.add(static_cast<std::uint8_t>(task.lane));
  out.add(task.budget.memory);
  out.add(task.budget.wall_ms);
  out.add(task.budget.max_pixels);
  out.add(task.budget.slice_ms);
  out.add(task.log_items);
  out.add(task.memory);
  out.add(static_cast<std::uint64_t>(task.items.size()));
  for (const auto& item : task.items) {
    out.add(item.row);
    out.add(canonical(item.request));
    out.add(item.window.has_value());
    const auto w = item.window.value_or(sky::PixelRect{});
    for (const auto n : {w.x, w.y, w.width, w.height}) out.add(n);
  }
  return out.take();
}

Result<Task> decode_task(std::string_view bytes, const std::function<bool()>& cancelled) {
  ByteReader in(bytes);
  if (in.get<std::uint8_t>() != kTaskForm) return fail(broken("task"));
  bool good = true;
  Task task;
  task.id = in.text();
  task.groups = texts(in);
  task.lane = choice<Lane>(in, 2, good);
  task.budget.memory = in.get<std::uint64_t>();
  task.budget.wall_ms = in.get<std::int64_t>();
  task.budget.max_pixels = in.get<std::int64_t>();
  task.budget.slice_ms = in.get<std::int64_t>();
  task.log_items = in.get<std::uint8_t>() != 0;
  task.memory = in.get<std::uint64_t>();
  task.items.resize(in.count(6 * sizeof(std::uint64_t)));
  for (auto& item : task.items) {
    if (cancelled && cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
    item.row = in.get<std::uint64_t>();
    auto request = parse_canonical(in.text());
    if (!request) return fail(std::move(request).error());
    item.request = std::move(*request);
    const bool window = in.get<std::uint8_t>() != 0;
    sky::PixelRect w;
    for (auto* n : {&w.x, &w.y, &w.width, &w.height}) *n = in.get<std::int64_t>();
    if (window) item.window = w;
  }
  if (!good || !in.done()) return fail(broken("task"));
  return task;
}

std::string encode(const TaskReport& report) {
  ByteWriter out;
  out.add(kReportForm);
  out.add(static_cast<std::uint64_t>(report.outcomes.size()));
  for (const auto& o : report.outcomes) add(out, o);
  return out.take();
}

Result<TaskReport> decode_report(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.get<std::uint8_t>() != kReportForm) return fail(broken("report"));
  bool good = true;
  TaskReport report;
  report.outcomes.resize(in.count(2 * sizeof(std::uint64_t)));
  for (auto& o : report.outcomes) o = outcome(in, good);
  if (!good || !in.done()) return fail(broken("report"));
  return report;
}

std::string encode(const Outcome& outcome) {
  ByteWriter out;
  out.add(kReportForm);
  add(out, outcome);
  return out.take();
}

Result<Outcome> decode_outcome(std::string_view bytes) {
  ByteReader in(bytes);
  const auto form = in.get<std::uint8_t>();
  bool good = form == kReportForm || form == kFormWithoutNeeds;
  Outcome out;
  if (good) out = outcome(in, good, form);
  if (!good || !in.done())
    return fail(ErrorCode::kData, "what is said of a product is broken, or another version's");
  return out;
}

}  // namespace recorte::cutout
