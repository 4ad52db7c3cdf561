/// From a request to the images that answer it: the adapter names candidates, the host opens them,
/// checks rights, tests them exactly against the region, and chooses.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/band_choice.hpp"
#include "core/cutout/catalogue.hpp"
#include "core/cutout/image_cache.hpp"
#include "core/cutout/plane_choice.hpp"
#include "core/cutout/request.hpp"
#include "core/cutout/source.hpp"
#include "core/plugin/host.hpp"
#include "core/sky/selection.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace recorte::cutout {

/// An image that answers, and where on it.
struct Located {
  Source source;
  std::shared_ptr<const OpenImage> image;
  sky::Selection selection;
  PlaneChoice planes;  ///< of a cube
};

struct Location {
  std::vector<Band> bands;  ///< those asked for, or all (of an image: its own), covered or not
  std::vector<double>
      coverage;                 ///< of each band: the fraction of the region on its images together
  std::vector<Located> images;  ///< by band in that order, then by preference
  std::vector<std::string> warnings;
  std::optional<Error> trouble;  ///< with an image that was passed over, the last of them
  /// The files that were opened to decide, those that do not answer too.
  std::vector<std::pair<std::string, FileStamp>> looked_at;
};

/// Opens where a plane of a source lies. kPlugin where it names a plane that its cube does not
/// have.
Result<std::shared_ptr<const OpenImage>> open_plane_of(ImageCache& cache, const Source& source,
                                                       const SourcePlane& plane);

/// How many images of a band may answer: the best; or, where that one does not cover the region,
/// those that do so together.
enum class HowMany { kOne, kEnough };

/// kNoCoverage names the region and the bands; kForbidden the group; kNotFound an unknown band or
/// image. An image that cannot be opened is passed over with a warning where another answers, else
/// it is the error.
Result<Location> locate(const Survey& survey, const CutoutRequest& request,
                        const std::vector<std::string>& groups, ImageCache& cache,
                        const plugin::Call& call, const Watch& watch,
                        HowMany how_many = HowMany::kOne);

}  // namespace recorte::cutout
