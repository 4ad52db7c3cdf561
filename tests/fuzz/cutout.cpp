// SPDX-License-Identifier: BSD-3-Clause
//
// What a request may say, line by line "NAME=VALUE": regions, sizes, intervals, bands, marks. One
// that is taken reads back from its canonical text, from a task's bytes, and its region from its
// numbers.
#include "core/cutout/parameters.hpp"
#include "core/cutout/task.hpp"
#include "fuzz.hpp"

namespace recorte::fuzz {
namespace {

void check_region(const sky::Stencil& stencil) {
  const auto numbers = sky::stencil_numbers(stencil);
  const auto cap = sky::bounding_cap(stencil, 1e-4);
  require(cap.radius >= 0 && cap.radius <= 180.001, "a region has a cap");
  if (std::holds_alternative<sky::Box>(stencil)) return;
  const auto again = std::holds_alternative<sky::Circle>(stencil)    ? sky::parse_circle(numbers)
                     : std::holds_alternative<sky::Polygon>(stencil) ? sky::parse_polygon(numbers)
                                                                     : sky::parse_range(numbers);
  require(again.has_value(), "a region's numbers are read: " + numbers);
  require(sky::stencil_numbers(*again) == numbers, "a region's numbers stay: " + numbers);
  (void)sky::contains(stencil, cap.centre);
}

}  // namespace

void attempt(std::string_view input) {
  (void)cutout::parse_canonical(input);
  cutout::RequestDraft draft;
  for (const auto line : pieces(input, "\n")) {
    const auto equals = line.find('=');
    if (equals != line.npos) (void)draft.set(line.substr(0, equals), line.substr(equals + 1));
  }
  const auto request = draft.finish();
  if (!request) return;
  check_region(request->stencil);
  const auto text = cutout::canonical(*request);
  const auto again = cutout::parse_canonical(text);
  require(again.has_value(), "the canonical text is read: " + text);
  require(*again == *request, "the canonical text reads back: " + text);
  cutout::Task task;
  task.items.push_back({1, *request, {}});
  const auto told = cutout::decode_task(cutout::encode(task));
  require(told && told->items.size() == 1 && told->items[0].request == *request,
          "a task arrives: " + text);
}

}  // namespace recorte::fuzz
