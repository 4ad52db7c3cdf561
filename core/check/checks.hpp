/// The contract tests, each a function that is run in a child of its own.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/check/subject.hpp"
#include "core/check/verdict.hpp"

#include <span>
#include <string_view>

namespace recorte::check {

struct Check {
  std::string_view name;  ///< what is so where it is ok
  Verdict (*run)(Subject& subject);
  Ending ending = Ending::kAtOnce;
};

/// Of any plugin: its file, and what it does to the process. The first ones run nothing of it.
std::span<const Check> file_checks();
std::span<const Check> survey_checks();
std::span<const Check> algorithm_checks();

/// Of survey_checks(): what it answers, and in good time.
Verdict survey_opens(Subject& subject);
Verdict survey_describes(Subject& subject);
Verdict survey_finds_all(Subject& subject);
Verdict survey_finds_each(Subject& subject);
Verdict survey_at_ra_zero(Subject& subject);
Verdict survey_at_poles(Subject& subject);
Verdict survey_is_quick(Subject& subject);

}  // namespace recorte::check
