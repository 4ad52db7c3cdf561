/// What a user asks for, in one canonical form that every face of Recorte fills and everything
/// behind it reads. Its text form is stable: provenance, caches, estimates and batches use it, and
/// it reads back to the same request.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/sky/stencil.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::cutout {

/// What pixels mean. The numbers are recorte_role's.
enum class Plane { kImage, kWeight, kVariance, kMask };
inline constexpr std::array<std::string_view, 4> kPlaneNames{"image", "weight", "variance", "mask"};

enum class Format { kFits, kPng, kJpeg };
inline constexpr std::array<std::string_view, 3> kFormatNames{"fits", "png", "jpeg"};
/// ".fits", ".png", ".jpg".
inline std::string_view file_ending(Format format) {
  return format == Format::kFits ? ".fits" : format == Format::kPng ? ".png" : ".jpg";
}
inline bool is_picture(Format format) { return format != Format::kFits; }

/// What is drawn onto a picture.
enum class Mark { kCaption, kScaleBar, kCompass, kCrosshair };
inline constexpr std::array<std::string_view, 4> kMarkNames{"caption", "scalebar", "compass",
                                                            "crosshair"};

/// Polarization states, as in ObsCore's pol_states.
inline constexpr std::array<std::string_view, 14> kPolarizations{
    "I", "Q", "U", "V", "RR", "LL", "RL", "LR", "XX", "YY", "XY", "YX", "POLI", "POLA"};

/// What a stamp (centre and size) does where the image ends: NaN or BLANK, or fewer pixels.
enum class Edges { kPad, kTrim };
inline constexpr std::array<std::string_view, 2> kEdgesNames{"pad", "trim"};

/// Which of several images of a band answers. kSurvey: kLatest where the survey's kind is epochs,
/// else kBest.
enum class Epochs { kSurvey, kBest, kLatest, kAll };
inline constexpr std::array<std::string_view, 4> kEpochsNames{"", "best", "latest", "all"};

inline constexpr int kDefaultQuality = 90;

struct CutoutRequest {
  std::string survey;   ///< collection id
  std::string release;  ///< "": the survey's default
  std::string image;    ///< one image by id; "": those that cover the region
  sky::Stencil stencil;
  std::vector<std::string> bands;            ///< none: all
  std::vector<Plane> planes{Plane::kImage};  ///< in the order of the enumeration, each once
  std::string algorithm;                     ///< "": the format's default
  Format format = Format::kFits;
  std::vector<std::string> rgb;  ///< bands from red to blue, two or more; or none
  Edges edges = Edges::kPad;
  Epochs epochs = Epochs::kSurvey;
  double t_min = -std::numeric_limits<double>::infinity();  ///< MJD
  double t_max = std::numeric_limits<double>::infinity();
  double lambda_min = -std::numeric_limits<double>::infinity();  ///< metres
  double lambda_max = std::numeric_limits<double>::infinity();
  std::vector<std::string> polarizations;  ///< states (I, Q, RR, …), each once; none: all
  std::string variant;                     ///< of several images of one place and time; "": any
  double pixscale = 0;                     ///< degrees a pixel of the product; 0: the images' own
  bool north_up = false;                   ///< the product's grid has north up, east left
  std::int64_t width = 0, height = 0;      ///< the most pixels across and up; 0: any
  bool blank_outside = false;              ///< pixels outside the region become NaN or BLANK
  int quality = kDefaultQuality;           ///< of a JPEG, 1 to 100
  std::vector<Mark> marks;                 ///< in the order of the enumeration, each once
  std::string caption;                     ///< its text; "": survey, bands and position
  std::map<std::string, std::string> params;  ///< the algorithm's own, by name

  bool operator==(const CutoutRequest&) const = default;
};

/// An image by its id and no region, which is written as the whole sky: all of its pixels.
bool wants_whole_image(const CutoutRequest& request);

/// Whether it asks for another pixel grid than the images'.
inline bool wants_another_grid(const CutoutRequest& r) {
  return r.pixscale > 0 || r.north_up || r.width > 0 || r.height > 0;
}

/// "survey=demo&ra=150.1&dec=2.2&size=0.016666666666666666deg&format=fits": the parameters of the
/// table (parameters.hpp) in its order, percent-encoded, defaults left out.
std::string canonical(const CutoutRequest& request);
/// The reverse. kUsage for what no canonical text has.
Result<CutoutRequest> parse_canonical(std::string_view text);

}  // namespace recorte::cutout
