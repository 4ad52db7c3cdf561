// SPDX-License-Identifier: BSD-3-Clause
#include <recorte/sdk.hpp>

#include <cmath>

namespace {

/// Magnitude of 1 nJy, the unit of later versions of the pipeline, which write no FLUXMAG0.
constexpr double kNanojansky = 31.4;

/// Coadds and calibrated exposures of the LSST pipelines.
class Hsc : public recorte::IndexedSurvey {
 public:
  using IndexedSurvey::IndexedSurvey;

 protected:
  void adapt(recorte_source& source, const recorte::Sources& out) override {
    if (std::isnan(source.zeropoint) && recorte::view(source.unit) == "nJy")
      source.zeropoint = kNanojansky;
    out.add(source);
  }
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<Hsc>)
