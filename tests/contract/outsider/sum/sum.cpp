// One float image: the sum of all bands of the region, on the pixel grid of the first.
#include <recorte/sdk.hpp>

namespace {

class Sum : public recorte::Algorithm {
 public:
  explicit Sum(const recorte::Config&) {}

  void outline(const recorte::Job& job) override {
    if (job.inputs().empty())
      throw recorte::Error(RECORTE_NO_COVERAGE, "no image meets the region");
    job.declare({.input = 0, .rect = job.inputs()[0].region, .bitpix = RECORTE_F32, .name = "SUM"});
  }

  void run(const recorte::Job& job) override {
    const auto& window = job.window();
    const auto scale = static_cast<float>(job.params().number("/scale", 1));
    auto sum = job.make(RECORTE_F32, window.width, window.height);
    for (std::uint32_t i = 0; i < job.inputs().size(); ++i) {
      job.call().checkpoint();
      // Exact, without interpolation, where the bands share a grid.
      auto band = job.resample(i, RECORTE_IMAGE, 0, window, RECORTE_LANCZOS3);
      for (std::int64_t y = 0; y < sum.height(); ++y) {
        const auto from = band.row<float>(y);
        const auto to = sum.row<float>(y);
        for (std::size_t x = 0; x < to.size(); ++x) to[x] += scale * from[x];
      }
    }
    job.emit(sum);
  }
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<Sum>)
