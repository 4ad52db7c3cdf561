// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "core/sky/stencil.hpp"

#include <algorithm>

namespace recorte::sky {
namespace {

Result<std::vector<double>> numbers_of(std::string_view text, std::string_view shape) {
  std::vector<double> numbers;
  for (const auto& field : split_blanks(text)) {
    const auto number = to_double(field);
    if (!number)
      return fail(ErrorCode::kUsage, "'" + field + "' in '" + std::string(text) +
                                         "' is not a number; write " + std::string(shape) +
                                         " in degrees");
    numbers.push_back(*number);
  }
  return numbers;
}

Error wrong_count(std::string_view text, std::size_t count, std::string_view shape) {
  return {ErrorCode::kUsage, "'" + std::string(text) + "' has " + std::to_string(count) +
                                 " numbers; write " + std::string(shape) + " in degrees"};
}

std::string numbers_text(std::initializer_list<double> numbers) {
  std::string text;
  for (const double number : numbers) text += (text.empty() ? "" : " ") + number_text(number);
  return text;
}

struct ToNumbers {
  std::string operator()(const Circle& c) const {
    return numbers_text({c.centre.ra, c.centre.dec, c.radius});
  }
  std::string operator()(const Box& b) const {
    return numbers_text({b.centre.ra, b.centre.dec}) + " " + extent_text(b.width) + " " +
           extent_text(b.height);
  }
  std::string operator()(const Polygon& p) const {
    std::string text;
    // As it came, so that reading it turns it round again.
    auto vertices = p.vertices;
    if (p.reversed) std::reverse(vertices.begin(), vertices.end());
    for (const auto& v : vertices) text += (text.empty() ? "" : " ") + numbers_text({v.ra, v.dec});
    return text;
  }
  std::string operator()(const Range& r) const {
    return numbers_text({r.ra_min, r.ra_max, r.dec_min, r.dec_max});
  }
};

}  // namespace

Result<Stencil> parse_circle(std::string_view text) {
  constexpr std::string_view kShape = "RA DEC RADIUS";
  const auto numbers = numbers_of(text, kShape);
  if (!numbers) return fail(numbers.error());
  if (numbers->size() != 3) return fail(wrong_count(text, numbers->size(), kShape));
  const auto& n = *numbers;
  return make_circle(n[0], n[1], n[2]);
}

Result<Stencil> parse_polygon(std::string_view text) {
  constexpr std::string_view kShape = "RA1 DEC1 RA2 DEC2 RA3 DEC3 …";
  const auto numbers = numbers_of(text, kShape);
  if (!numbers) return fail(numbers.error());
  if (numbers->size() % 2 != 0) return fail(wrong_count(text, numbers->size(), kShape));
  std::vector<Position> vertices;
  for (std::size_t i = 0; i < numbers->size(); i += 2)
    vertices.push_back({(*numbers)[i], (*numbers)[i + 1]});
  return make_polygon(std::move(vertices));
}

Result<Stencil> parse_range(std::string_view text) {
  constexpr std::string_view kShape = "RA_MIN RA_MAX DEC_MIN DEC_MAX";
  const auto numbers = numbers_of(text, kShape);
  if (!numbers) return fail(numbers.error());
  if (numbers->size() != 4) return fail(wrong_count(text, numbers->size(), kShape));
  const auto& n = *numbers;
  return make_range(n[0], n[1], n[2], n[3]);
}

std::string stencil_numbers(const Stencil& stencil) { return std::visit(ToNumbers{}, stencil); }

}  // namespace recorte::sky
