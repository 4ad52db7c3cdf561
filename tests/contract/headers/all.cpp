// SPDX-License-Identifier: BSD-3-Clause
#define RECORTE_MANIFEST_JSON "{}"
#include "layout.h"

#include <recorte/sdk.hpp>
#include <recorte/testing.hpp>

namespace {

struct Nowhere : recorte::Survey {
  explicit Nowhere(const recorte::Config&) {}
  recorte::Description describe() override { return {}; }
  void find(const recorte::Query&, const recorte::Sources&, const recorte::Call&) override {}
};

struct Nothing : recorte::Algorithm {
  explicit Nothing(const recorte::Config&) {}
  void outline(const recorte::Job&) override {}
  void run(const recorte::Job&) override {}
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<Nowhere>, recorte::provides<Nothing>)
