/// A survey's file as its adapter completes it: what the admin does not say is taken from the
/// defaults of the release, then from those of the adapter, both in its manifest. Everyone who
/// acts by a survey's file reads it this way; who may see it and which files it owns are not among
/// the defaults, and can be read without (core/survey/access_file.hpp).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/config/document.hpp"
#include "core/plugin/pins.hpp"
#include "core/plugin/registry.hpp"

namespace recorte::plugin {

struct SurveySettings {
  const Entry* adapter;       ///< of the registry, which must live as long
  config::Document document;  ///< its errors name file and line, or the adapter whose default it is
  Pins pins;                  ///< of the file; versions there are meet them
};

/// kUsage with file and line: no such adapter, none of its releases, or a pin that nothing meets;
/// kUnavailable where the adapter is withdrawn.
Result<SurveySettings> complete_survey(const config::Document& file, const Registry& registry);

}  // namespace recorte::plugin
