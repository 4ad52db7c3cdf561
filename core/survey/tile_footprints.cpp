// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "core/survey/tile_table.hpp"

#include <algorithm>
#include <cmath>

namespace recorte::survey {
namespace {

using Column = std::optional<std::size_t>;

constexpr double kMarginOfSize = 0.02;

struct Columns {
  Column ra_ll, dec_ll, ra_ur, dec_ur;
  Column ra[4], dec[4];
  Column ra_centre, dec_centre, size;

  explicit Columns(const Table& table) {
    ra_ll = table.column({"rall", "ra_ll", "ramin", "ra_min"});
    dec_ll = table.column({"decll", "dec_ll", "decmin", "dec_min"});
    ra_ur = table.column({"raur", "ra_ur", "ramax", "ra_max"});
    dec_ur = table.column({"decur", "dec_ur", "decmax", "dec_max"});
    for (std::size_t i = 0; i < 4; ++i) {
      const auto number = std::to_string(i + 1);
      const auto long_ra = "rac" + number, long_dec = "decc" + number;
      ra[i] = table.column({"ra" + number, long_ra});
      dec[i] = table.column({"dec" + number, long_dec});
    }
    ra_centre = table.column(
        {"ra", "ra_cent", "ra_center", "ra_centre", "racen", "ra_c", "ra0", "ra_deg", "crval1"});
    dec_centre = table.column({"dec", "dec_cent", "dec_center", "dec_centre", "deccen", "dec_c",
                               "dec0", "dec_deg", "crval2"});
    size = table.column({"size", "tile_size", "width"});
  }
  bool corners() const { return ra[2] && dec[2] && ra[3] && dec[3] && limits(); }
  bool limits() const { return ra[0] && dec[0] && ra[1] && dec[1]; }
  bool diagonal() const { return ra_ll && dec_ll && ra_ur && dec_ur; }
  bool centre() const { return ra_centre && dec_centre; }
};

class Reader {
 public:
  explicit Reader(const Table& table) : table_(table), columns_(table) {}

  Result<sky::Footprint> footprint(std::size_t row, double size, double margin) {
    row_ = row;
    std::vector<sky::Position> corners;
    double extent = 0;
    if (columns_.corners()) {
      for (std::size_t i = 0; i < 4; ++i)
        corners.push_back({turn(value(columns_.ra[i])), declination(columns_.dec[i])});
      extent = longest(corners);
    } else if (columns_.diagonal()) {
      corners = box(value(columns_.ra_ll), declination(columns_.dec_ll), value(columns_.ra_ur),
                    declination(columns_.dec_ur), extent);
    } else if (columns_.limits()) {
      corners = box(value(columns_.ra[0]), declination(columns_.dec[0]), value(columns_.ra[1]),
                    declination(columns_.dec[1]), extent);
    } else if (columns_.centre()) {
      extent = columns_.size ? value(columns_.size) : size;
      corners = square({turn(value(columns_.ra_centre)), declination(columns_.dec_centre)}, extent);
    } else {
      return fail(ErrorCode::kUsage,
                  table_.source +
                      ": no columns say where a tile lies; name them rall, decll, raur, "
                      "decur (corners) or ra, dec (centre); there are " +
                      join(table_.columns, ", "));
    }
    if (error_) return fail(*error_);
    return sky::footprint_of(corners, margin < 0 ? kMarginOfSize * extent : margin);
  }

 private:
  void complain(const std::string& sentence) {
    if (!error_) error_ = Error{ErrorCode::kUsage, table_.where(row_) + ": " + sentence};
  }

  double value(Column column) {
    const auto& text = table_.rows[row_][*column];
    const auto number = to_double(text);
    if (number && std::isfinite(*number)) return *number;
    complain("'" + text + "' in column " + table_.columns[*column] + " is not a number of degrees");
    return 0;
  }

  double declination(Column column) {
    const double dec = value(column);
    if (std::abs(dec) > 90)
      complain(number_text(dec) + " in column " + table_.columns[*column] +
               " is no declination; it must lie in -90 to 90");
    return dec;
  }

  static double turn(double ra) { return ra - 360 * std::floor(ra / 360); }

  static double longest(const std::vector<sky::Position>& corners) {
    double out = 0;
    for (std::size_t i = 0; i < corners.size(); ++i)
      out = std::max(out, sky::separation(sky::to_vector(corners[i]),
                                          sky::to_vector(corners[(i + 1) % corners.size()])));
    return out;
  }

  /// Between two opposite corners: the short way round in RA, whichever of the two is east.
  std::vector<sky::Position> box(double ra_a, double dec_a, double ra_b, double dec_b,
                                 double& extent) {
    double width = turn(ra_b - ra_a);
    double west = turn(ra_a);
    if (width > 180) {
      west = turn(ra_b);
      width = 360 - width;
    }
    const auto [south, north] = std::minmax(dec_a, dec_b);
    if (!(width > 0) || !(north > south))
      complain("its corners are the same; a tile has two different corners");
    extent = std::max(north - south, width * std::cos((south + north) / 2 * sky::kDegree));
    // Great circles bulge away from parallels: points between keep the outline to the tile.
    constexpr int steps = 4;
    std::vector<sky::Position> out;
    for (int i = 0; i <= steps; ++i) out.push_back({turn(west + width * i / steps), south});
    for (int i = steps; i >= 0; --i) out.push_back({turn(west + width * i / steps), north});
    return out;
  }

  /// A square on the tangent plane.
  std::vector<sky::Position> square(const sky::Position& centre, double size) {
    if (!(size > 0) || size > 90) {
      complain("the tile's size, " + number_text(size) +
               " degrees, must be above 0 and at most 90; give tile_size = \"0.73deg\" or a column "
               "'size'");
      return {};
    }
    const auto middle = sky::to_vector(centre);
    const auto half = std::tan(size / 2 * sky::kDegree);
    const auto north = sky::offset(middle, 0, 90), east = sky::offset(middle, 90, 90);
    std::vector<sky::Position> out;
    for (const auto& [x, y] : {std::pair{1., -1.}, {1., 1.}, {-1., 1.}, {-1., -1.}}) {
      sky::Vector corner;
      for (std::size_t i = 0; i < 3; ++i)
        corner[i] = middle[i] + half * (x * east[i] + y * north[i]);
      out.push_back(sky::to_position(sky::normalised(corner)));
    }
    return out;
  }

  const Table& table_;
  Columns columns_;
  std::size_t row_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<std::vector<sky::Footprint>> tile_footprints(const Table& table, double size,
                                                    double margin) {
  Reader reader(table);
  std::vector<sky::Footprint> out;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    auto footprint = reader.footprint(row, size, margin);
    if (!footprint) return fail(footprint.error());
    out.push_back(std::move(*footprint));
  }
  return out;
}

}  // namespace recorte::survey
