// A survey of square plates, centred on whole degrees, one file a band: plate_150_+02_g.fits. A
// text file lists their names.
#include <recorte/sdk.hpp>

#include <fstream>
#include <numbers>
#include <set>

namespace {

struct Plate {
  std::string name, path, band, s_region;
};

class Plates : public recorte::Survey {
 public:
  explicit Plates(const recorte::Config& config)
      : title_(config.get("/survey/title", "Plates")),
        root_(config.get("/survey/root")),
        side_(config.number("/plates/side", 1.0)),
        pixel_(config.number("/plates/pixel", 1.0) / 3600),
        footprints_(index(config)) {}

  recorte::Description describe() override {
    recorte::Description out{.title = title_};
    for (const auto& band : bands_) out.bands.push_back({.name = band});
    out.pixel_scale = pixel_;
    return out;
  }

  void find(const recorte::Query& query, const recorte::Sources& out,
            const recorte::Call& call) override {
    footprints_.find(query, call, [&](const recorte_source& source) { out.add(source); });
  }

 private:
  recorte::Footprints index(const recorte::Config& config) {
    std::vector<Plate> plates;
    const auto listing = root_ + "/" + config.get("/plates/listing");
    std::ifstream file(listing);
    if (!file) throw recorte::Error(RECORTE_NOT_FOUND, "cannot read the listing " + listing);
    for (std::string name; std::getline(file, name);)
      if (!name.empty()) plates.push_back(plate(name));
    std::vector<recorte::Source> sources;
    for (const auto& p : plates) {
      bands_.insert(p.band);
      sources.push_back(
          {.id = p.name, .band = p.band, .planes = {{.uri = p.path}}, .s_region = p.s_region});
    }
    return recorte::Footprints::of(config.host(), sources);
  }

  Plate plate(const std::string& name) const {
    int ra = 0, dec = 0;
    char band[16] = "";
    if (std::sscanf(name.c_str(), "plate_%d_%d_%15[^.].fits", &ra, &dec, band) != 3)
      throw recorte::Error(RECORTE_INVALID, "not like plate_150_+02_g.fits: " + name);
    // A tenth larger than the plate: the host looks at the true WCS of what is found.
    const double half = 0.55 * side_;
    const double across = half / std::cos(dec * std::numbers::pi / 180);
    std::string region = "POLYGON ICRS";
    for (const auto& [x, y] : {std::pair{-1, -1}, {1, -1}, {1, 1}, {-1, 1}})
      region += " " + std::to_string(std::fmod(ra + x * across + 360, 360)) + " " +
                std::to_string(dec + y * half);
    return {name, root_ + "/" + name, band, region};
  }

  std::string title_, root_;
  double side_, pixel_;  // degrees
  std::set<std::string> bands_;
  recorte::Footprints footprints_;
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<Plates>)
