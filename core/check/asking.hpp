/// Questions to a survey's table, and what it answered.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/check/subject.hpp"
#include "core/cutout/source.hpp"
#include "core/sky/footprint.hpp"

#include <atomic>
#include <cmath>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace recorte::check {

struct Question {
  recorte_region region{};
  std::vector<std::string> bands = {};
  std::string release = "", image = "";
  double t_min = NAN, t_max = NAN;
};

recorte_region circle(double ra, double dec, double radius);
/// All of it.
recorte_region whole_sky();

struct Answer {
  recorte_status status = RECORTE_OK;
  std::string message;    ///< the plugin's
  bool threw = false;     ///< through the C interface
  std::string malformed;  ///< what is wrong with a source, so that it could not be read
  double seconds = 0;
  std::vector<cutout::Source> sources;
  bool cut_short = false;  ///< there were more sources than were taken

  bool good() const { return !threw && malformed.empty() && status == RECORTE_OK; }
  std::set<std::string> ids() const;
  bool has(const std::string& id) const;
};

/// How one is asked.
struct Manner {
  void* self = nullptr;       ///< another instance; nullptr: the survey's own
  std::size_t most = 20'000;  ///< sources that are taken; then the sink says `refusal`
  recorte_status refusal = RECORTE_CANCELLED;
  const std::atomic<bool>* cancelled = nullptr;
  std::function<bool()> poll_cancelled = {};
};

Answer find(const cutout::Survey& survey, const Question& question, const Manner& manner = {});

/// "status 9 (internal)", and what it said.
std::string said(const Answer& answer);

/// A source, and where it lies.
struct Lying {
  cutout::Source source;
  sky::Footprint footprint;
};
/// Of the sources of the whole sky, at most `most`, evenly: those whose s_region can be read.
std::vector<Lying> lying(const Answer& all, std::size_t most);

}  // namespace recorte::check
