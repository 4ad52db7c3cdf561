// SPDX-License-Identifier: BSD-3-Clause
#include <recorte/sdk.hpp>

#include <filesystem>

namespace {

/// The bricks of the Legacy Surveys: the index finds images and weights, and the mask that all
/// bands of a brick share lies beside them.
class LegacySurvey : public recorte::IndexedSurvey {
 public:
  explicit LegacySurvey(const recorte::Config& config) : IndexedSurvey(config) {
    about_.planes.emplace_back("mask");
  }

 protected:
  void adapt(recorte_source& source, const recorte::Sources& out) override {
    const auto mask = mask_of(recorte::view(source.planes[0]->uri));
    if (mask.empty()) return out.add(source);
    const recorte_plane plane{sizeof plane, RECORTE_MASK, -1, -1, recorte::str(mask), {}};
    std::vector<const recorte_plane*> planes(source.planes, source.planes + source.plane_count);
    planes.push_back(&plane);
    source.planes = planes.data();
    source.plane_count = static_cast<std::uint32_t>(planes.size());
    out.add(source);
  }

 private:
  /// …/legacysurvey-BRICK-maskbits.fits.fz for …/legacysurvey-BRICK-image-BAND.fits.fz; "" where
  /// there is none.
  static std::string mask_of(std::string_view image) {
    constexpr std::string_view kImage = "-image-";
    const auto at = image.rfind(kImage);
    if (at == image.npos) return "";
    auto mask = std::string(image.substr(0, at)) + "-maskbits.fits.fz";
    std::error_code unreadable;
    return std::filesystem::exists(mask, unreadable) ? mask : "";
  }
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<LegacySurvey>)
