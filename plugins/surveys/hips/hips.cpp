// SPDX-License-Identifier: BSD-3-Clause
#include "healpix.hpp"
#include "properties.hpp"

#include <recorte/sdk.hpp>

#include <charconv>
#include <filesystem>
#include <map>

namespace {

namespace fs = std::filesystem;

/// Of one answer: the host looks at 64 places along a side to see which images a region needs.
constexpr int kMostTiles = 1024;

/// What hips_frame may be: the axes of its WCS, and its rows in ICRS.
struct Frame {
  std::string_view longitude, latitude;
  std::array<healpix::Vector, 3> rows;
};
const std::map<std::string_view, Frame> kFrames{
    {"equatorial", {"RA---HPX", "DEC--HPX", {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}}},
    {"galactic",
     {"GLON-HPX",
      "GLAT-HPX",
      {{{-0.0548755604162154, -0.8734370902348850, -0.4838350155487132},
        {0.4941094278755837, -0.4448296299600112, 0.7469822444972189},
        {-0.8676661490190047, -0.1980763734312015, 0.4559837761750669}}}}},
    {"ecliptic",
     {"ELON-HPX",
      "ELAT-HPX",
      {{{1, 0, 0},
        {0, 0.9174820620691818, 0.3977771559319137},
        {0, -0.3977771559319137, 0.9174820620691818}}}}}};

std::string exact(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

/// One HiPS: the tiles of one order are the images of one band.
struct Hips {
  fs::path root;
  std::string name, band;  ///< name: its path below the survey's root, "" where it is that
  int order = 0, width = 512;
  Frame frame;
  double em_min = NAN, em_max = NAN;
  std::string title, citation;
  double ra = NAN, dec = NAN;  ///< of its first view

  Hips(const fs::path& directory, std::string path, std::string of_band, int of_order)
      : root(directory / path), name(std::move(path)), band(std::move(of_band)) {
    const Properties all(root / "properties");
    if (all.text("hips_tile_format").find("fits") == std::string::npos)
      all.refuse("hips_tile_format", "is '" + all.text("hips_tile_format") +
                                         "': without fits, its tiles are pictures for looking");
    const int deepest = all.whole("hips_order", -1, 0, healpix::kDeepest);
    order = of_order < 0 ? deepest : of_order;
    const int least = all.whole("hips_order_min", 0, 0, deepest);
    if (order < least || order > deepest)
      all.refuse("hips_order", "is " + std::to_string(deepest) + ", hips_order_min " +
                                   std::to_string(least) + ": there is no order " +
                                   std::to_string(order));
    width = all.whole("hips_tile_width", 512, 1, 1 << 15);
    const auto frame_name = all.text("hips_frame");
    const auto known = kFrames.find(frame_name);
    if (known == kFrames.end())
      all.refuse("hips_frame", "is '" + frame_name + "', not equatorial, galactic or ecliptic");
    frame = known->second;
    if (band.empty()) band = all.text("obs_regime", "image");
    title = all.text("obs_title", all.text("obs_collection"));
    citation =
        all.text("bib_reference_url", all.text("obs_copyright_url", all.text("obs_copyright")));
    em_min = all.number("em_min", NAN);
    em_max = all.number("em_max", NAN);
    ra = all.number("hips_initial_ra", NAN);
    dec = all.number("hips_initial_dec", NAN);
  }

  double pixel() const {
    return std::ldexp(45.0, -order) / width;
  }  ///< half of a diagonal, degrees

  std::string id(std::uint64_t tile) const {
    return (name.empty() ? "" : name + "/") + "Norder" + std::to_string(order) + "/Npix" +
           std::to_string(tile);
  }
  fs::path file(std::uint64_t tile) const {
    return root / ("Norder" + std::to_string(order)) /
           ("Dir" + std::to_string(tile / 10000 * 10000)) /
           ("Npix" + std::to_string(tile) + ".fits");
  }

  /// A region's centre in the frame of the tiles.
  healpix::Vector here(double lon, double lat) const {
    const auto v = healpix::vector_of(lon, lat);
    healpix::Vector out{};
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 3; ++j) out[i] += frame.rows[i][j] * v[j];
    return out;
  }

  /// Adds a tile that is there. Where it lies follows from its number; tiles need not say it.
  void add(std::uint64_t tile, const recorte::Sources& out) const {
    const auto path = file(tile).string();
    std::error_code error;
    if (!fs::exists(path, error)) return;
    const healpix::Cell cell(order, tile);
    const double c = pixel();
    // Seen from below, rows of a tile run south-west, columns north-west.
    const auto x = cell.x / c, y = cell.y / c;
    const auto crpix1 = exact((x - y + 1) / 2), crpix2 = exact((x + y + 1) / 2 + width);
    const auto step = exact(c), back = exact(-c), meridian = exact(cell.meridian),
               own_id = id(tile);
    using recorte::str;
    out.add({.id = own_id,
             .band = band,
             .planes = {{.uri = path}},
             .cards = {{str("CTYPE1"), str(frame.longitude)},
                       {str("CTYPE2"), str(frame.latitude)},
                       {str("CRPIX1"), str(crpix1)},
                       {str("CRPIX2"), str(crpix2)},
                       {str("CRVAL1"), str(meridian)},
                       {str("CRVAL2"), str("0")},
                       {str("CD1_1"), str(back)},
                       {str("CD1_2"), str(back)},
                       {str("CD2_1"), str(step)},
                       {str("CD2_2"), str(back)},
                       {str("PV2_1"), str("4")},
                       {str("PV2_2"), str("3")},
                       {str("RADESYS"), str("ICRS")}}});
  }
};

/// Any HiPS, or several of one sky in several bands, by their FITS tiles.
class HipsSurvey : public recorte::Survey {
 public:
  explicit HipsSurvey(const recorte::Config& config) {
    const fs::path root = config.get("/survey/root");
    for (int i = 0;; ++i) {
      const auto at = "/hips/" + std::to_string(i);
      const auto path = config.find((at + "/path").c_str()),
                 band = config.find((at + "/band").c_str()),
                 order = config.find((at + "/order").c_str());
      if (!path && !band && !order && i > 0) break;
      all_.emplace_back(root, path.value_or(""), band.value_or(""),
                        static_cast<int>(config.number((at + "/order").c_str(), -1)));
    }
    const auto& first = all_.front();
    about_.title = config.get("/survey/title", first.title);
    about_.release = config.get("/survey/release", "");
    about_.citation = config.get("/survey/citation", first.citation);
    about_.example_ra = config.number("/example/ra", first.ra);
    about_.example_dec = config.number("/example/dec", first.dec);
    about_.pixel_scale = 0;
    for (const auto& hips : all_) {
      about_.bands.push_back({hips.band, hips.em_min, hips.em_max});
      about_.pixel_scale = std::max(about_.pixel_scale, hips.pixel() * std::numbers::sqrt2);
    }
  }

  recorte::Description describe() override { return about_; }

  void find(const recorte::Query& query, const recorte::Sources& out,
            const recorte::Call& call) override {
    for (const auto& hips : all_) {
      if (!query.wants(hips.band)) continue;
      if (!query.image().empty()) {
        find_named(hips, query.image(), out);
        continue;
      }
      const auto& region = query.region();
      int tiles = 0;
      healpix::cells_near(
          hips.here(region.ra, region.dec), region.radius, hips.order, [&](std::uint64_t tile) {
            call.checkpoint();
            if (++tiles > kMostTiles)
              throw recorte::Error(RECORTE_INVALID,
                                   "the region holds more than " + std::to_string(kMostTiles) +
                                       " tiles of order " + std::to_string(hips.order) +
                                       "; ask for a smaller one");
            hips.add(tile, out);
          });
    }
  }

 private:
  static void find_named(const Hips& hips, std::string_view image, const recorte::Sources& out) {
    std::uint64_t tile = 0;
    const auto digits = image.find_last_not_of("0123456789") + 1;
    std::from_chars(image.data() + digits, image.data() + image.size(), tile);
    if (hips.id(tile) == image && tile < std::uint64_t{12} << 2 * hips.order) hips.add(tile, out);
  }

  std::vector<Hips> all_;
  recorte::Description about_;
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<HipsSurvey>)
