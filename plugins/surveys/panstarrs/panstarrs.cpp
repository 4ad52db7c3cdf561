// SPDX-License-Identifier: BSD-3-Clause
#include <recorte/sdk.hpp>

namespace {

/// The stacks of Pan-STARRS1. Their pixels, which lie on a scale of asinh magnitudes, the host
/// brings back to fluxes; what their headers do not say is said here.
class PanStarrs : public recorte::IndexedSurvey {
 public:
  using IndexedSurvey::IndexedSurvey;

 protected:
  void adapt(recorte_source& source, const recorte::Sources& out) override {
    // The magnitude of one count a second is 25; pixels are the counts of the whole exposure.
    if (std::isnan(source.zeropoint)) source.zeropoint = 25 + 2.5 * std::log10(source.exptime);
    // Skycells do not say that they are FK5 of J2000, and some read them as of B1950.
    const recorte_pair frame{recorte::str("RADESYS"), recorte::str("FK5")};
    source.cards = &frame;
    source.card_count = 1;
    out.add(source);
  }
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<PanStarrs>)
