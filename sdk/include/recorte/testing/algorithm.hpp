/// An algorithm under test: what it makes of given images.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "run.hpp"

namespace recorte::testkit {

class Algorithm {
 public:
  explicit Algorithm(const Plugin& plugin, std::string_view settings = "{}")
      : manifest_(plugin.manifest()), open_(plugin, RECORTE_ALGORITHM_V1, settings) {}

  /// The products of a job: outline(), then run() for windows of `rows` rows each, 0: the whole
  /// product in one, as the host does where it is small. What is made must not depend on it.
  std::vector<Product> make(const Job& job, std::int64_t rows = 0, Call* call = nullptr) {
    Call own;
    Run run(*open_.host_, job, manifest_, call ? *call : own);
    recorte::detail::check(
        [&](recorte_error* e) { return open_.table_->outline(open_.self_, run.raw(), e); });
    for (std::size_t i = 0; i < run.products().size(); ++i) {
      const auto& p = run.products()[i];
      const auto step = rows > 0 ? rows : p.height;
      for (std::int64_t y = 0; y < p.height; y += step) {
        const recorte_rect window{p.x, p.y + y, p.width, std::min(step, p.height - y)};
        recorte::detail::check([&](recorte_error* e) {
          return open_.table_->run(open_.self_, run.window(i, window), e);
        });
        run.take();
      }
    }
    return std::move(run.products());
  }

 private:
  Settings manifest_;
  detail::Open<recorte_algorithm> open_;
};

}  // namespace recorte::testkit
