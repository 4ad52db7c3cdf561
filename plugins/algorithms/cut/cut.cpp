// SPDX-License-Identifier: BSD-3-Clause
#include "../planes/products.hpp"

#include <algorithm>
#include <array>

namespace {

constexpr std::array<std::string_view, RECORTE_ROLES> kPlaneNames{"image", "weight", "variance",
                                                                  "mask"};

using planes::has;

/// The pixels as stored: one product for each plane asked for of each input, and for a band that no
/// input has, a product of NaN on the grid of the first.
class Cut : public recorte::Algorithm {
 public:
  explicit Cut(const recorte::Config&) {}

  void outline(const recorte::Job& job) override {
    if (job.inputs().empty())
      throw recorte::Error(RECORTE_NO_COVERAGE, "no image meets the region");
    refuse_missing_planes(job);
    for (const auto& product : products(job)) job.declare(product);
  }

  void run(const recorte::Job& job) override {
    const auto product = products(job).at(job.output());
    job.call().checkpoint();
    if (product.blank) return planes::emit_nothing(job);
    job.emit(job.read(product.input, product.role, job.window()));
  }

 private:
  static std::vector<recorte::Output> products(const recorte::Job& job) {
    std::vector<recorte::Output> out;
    for (const auto& band : job.bands()) {
      const auto name = recorte::view(band.name);
      bool covered = false;
      for (std::uint32_t i = 0; i < job.inputs().size(); ++i) {
        const auto& input = job.inputs()[i];
        if (recorte::view(input.source->band) != name) continue;
        covered = true;
        for (recorte_role role = 0; role < RECORTE_ROLES; ++role)
          if (job.wants(role) && has(input, role))
            out.push_back(
                {.input = i, .rect = input.region, .role = role, .planes = 0, .band = name});
      }
      if (!covered && job.wants(RECORTE_IMAGE))
        out.push_back({.input = 0,
                       .rect = job.inputs()[0].region,
                       .bitpix = RECORTE_F32,
                       .blank = true,
                       .band = name});
    }
    return out;
  }

  static void refuse_missing_planes(const recorte::Job& job) {
    std::string there;
    for (recorte_role role = 0; role < RECORTE_ROLES; ++role)
      if (std::ranges::any_of(job.inputs(), [&](const auto& input) { return has(input, role); }))
        there += (there.empty() ? "" : ", ") + std::string(kPlaneNames[role]);
    for (recorte_role role = 0; role < RECORTE_ROLES; ++role)
      if (job.wants(role) &&
          std::ranges::none_of(job.inputs(), [&](const auto& input) { return has(input, role); }))
        throw recorte::Error(RECORTE_NOT_FOUND, "the images here have no plane " +
                                                    std::string(kPlaneNames[role]) +
                                                    "; ask for some of: " + there);
  }
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<Cut>)
