/// A survey that finds no images: its find() looks around instead, and tells as an error what it
/// learnt. `Looking` holds what its file says: its members by settings(), pairs of a pointer and a
/// std::string member, and learnt(), the text.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <recorte/survey.h>

#include <cstdio>
#include <cstring>
#include <new>
#include <string>

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);

namespace vice {

template <class Looking>
struct Telling {
  static recorte_status open(const recorte_host* host, const recorte_config* config, void** self,
                             recorte_error*) {
    auto* looking = new (std::nothrow) Looking;
    if (looking == nullptr) return RECORTE_RESOURCE;
    for (const auto& [pointer, member] : Looking::settings()) {
      recorte_str text{};
      if (host->config_get(host, config, pointer, &text) == RECORTE_OK)
        (looking->*member).assign(text.data, text.size);
    }
    *self = looking;
    return RECORTE_OK;
  }
  static void close(void* self) { delete static_cast<Looking*>(self); }

  static recorte_status describe(void*, const recorte_text_sink* out, recorte_error*) {
    constexpr char kText[] =
        R"({"title": "Looking around", "release": "", "citation": "", "bands": [{"name": "g",)"
        R"( "lambda_min": 4e-7, "lambda_max": 5.5e-7}], "planes": ["image"], "pixel_scale": 1e-4,)"
        R"( "example": {"ra": 150, "dec": 2}})";
    out->write(out, {kText, sizeof kText - 1});
    return RECORTE_OK;
  }

  static recorte_status find(void* self, const recorte_call*, const recorte_query*,
                             const recorte_source_sink*, recorte_error* error) {
    const auto told = static_cast<const Looking*>(self)->learnt();
    error->code = RECORTE_INVALID;
    std::snprintf(error->message, sizeof error->message, "%s", told.c_str());
    return RECORTE_INVALID;
  }

  static const void* get_interface(const char* id) {
    static constexpr recorte_survey kSurvey{sizeof kSurvey, 0, open, close, describe, find};
    return std::strcmp(id, RECORTE_SURVEY_V1) == 0 ? &kSurvey : nullptr;
  }

  static const recorte_plugin* plugin() {
    static constexpr recorte_plugin kPlugin{sizeof kPlugin,       RECORTE_ABI_MAJOR,
                                            RECORTE_TARGET_MINOR, recorte_manifest_text,
                                            get_interface,        nullptr};
    return &kPlugin;
  }
};

}  // namespace vice
