// SPDX-License-Identifier: BSD-3-Clause
//
// A plugin, both survey and algorithm, that is well-behaved but for one act (VICE_ACT) in one place
// (VICE_PLACE). It speaks the C interface, so that what it throws is thrown through C.
#include "acts.hpp"

#include <recorte/algorithm.h>

#include <cstring>

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);

namespace {

void at(std::string_view place) {
  if (place == VICE_PLACE) vice::VICE_ACT();
}

[[gnu::constructor]] void constructor() { at("constructor"); }
[[gnu::destructor]] void destructor() { at("destructor"); }

recorte_status open(const recorte_host* host, const recorte_config*, void** self, recorte_error*) {
  at("open");
  *self = const_cast<recorte_host*>(host);
  return RECORTE_OK;
}

void close(void*) {}

recorte_status describe(void*, const recorte_text_sink* out, recorte_error*) {
  at("describe");
  constexpr std::string_view kText =
      R"({"title": "Vice", "release": "", "citation": "", "bands": [{"name": "g",)"
      R"( "lambda_min": 4e-7, "lambda_max": 5.5e-7}], "planes": ["image"], "pixel_scale": 1e-4,)"
      R"( "example": {"ra": 150, "dec": 2}})";
  out->write(out, {kText.data(), kText.size()});
  return RECORTE_OK;
}

recorte_status find(void*, const recorte_call*, const recorte_query*, const recorte_source_sink*,
                    recorte_error*) {
  at("find");
  return RECORTE_OK;
}

recorte_status outline(void*, const recorte_job* job, recorte_error* error) {
  at("outline");
  recorte_output output{};
  output.struct_size = sizeof output;
  output.rect = job->inputs[0]->region;
  output.planes = 1;
  output.band = job->inputs[0]->source->band;
  return job->declare(job, &output, error);
}

recorte_status run(void* self, const recorte_job* job, recorte_error* error) {
  at("run");
  const auto* host = static_cast<const recorte_host*>(self);
  recorte_image* image = nullptr;
  auto status = job->read(job, 0, RECORTE_IMAGE, &job->window, 0, &image, error);
  if (status != RECORTE_OK) return status;
  status = job->emit(job, image, error);
  host->image_release(host, image);
  return status;
}

const void* get_interface(const char* id) {
  static constexpr recorte_survey kSurvey{sizeof kSurvey, 0, open, close, describe, find};
  static constexpr recorte_algorithm kAlgorithm{sizeof kAlgorithm, 0, open, close, outline, run};
  if (std::strcmp(id, RECORTE_SURVEY_V1) == 0) return &kSurvey;
  if (std::strcmp(id, RECORTE_ALGORITHM_V1) == 0) return &kAlgorithm;
  return nullptr;
}

}  // namespace

RECORTE_EXPORT const recorte_plugin* recorte_plugin_v1(const recorte_host*, recorte_error*) {
  at("entry");
  static constexpr recorte_plugin kPlugin{sizeof kPlugin,       RECORTE_ABI_MAJOR,
                                          RECORTE_TARGET_MINOR, recorte_manifest_text,
                                          get_interface,        nullptr};
  return &kPlugin;
}
