/// recorte/testing.hpp - test a plugin without Recorte: a fake host, in the test's own process.
///
///   recorte::testkit::Host host;
///   recorte::testkit::Plugin plugin(host, "plates.so");
///
///   recorte::testkit::Survey survey(plugin, R"({"survey": {"root": "/archive"}})");
///   auto found = survey.find(recorte::testkit::circle(0, 2, 0.1), {.bands = {"g"}});
///   EXPECT_EQ(found.at(0).id, "plate_000_+02_g");
///
///   recorte::testkit::Algorithm sum(plugin);
///   recorte::testkit::Job job;
///   job.add({.band = "g", .width = 8, .height = 4, .pixel = [](auto x, auto) { return x; }});
///   EXPECT_EQ(sum.make(job).at(0).at(3, 1), 3);
///
/// For GoogleTest or any other framework: nothing but the standard library and dlopen is used. A
/// status other than RECORTE_OK is thrown as recorte::Error; what a test itself does wrong, as
/// std::logic_error. The plugin is loaded as the host loads it, so one in C is tested in the same
/// way. `recorte plugin check` tests it in the real host besides.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "testing/algorithm.hpp"
#include "testing/survey.hpp"
