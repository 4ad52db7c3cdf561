// SPDX-License-Identifier: BSD-3-Clause
//
// The smallest host: the testing kit in a program. It uses all of the plugin of the freeze, and
// says what came of it. Every build of either says the same.
#include <recorte/testing.hpp>

#include <cstdio>
#include <exception>

int main(int, char** argv) try {
  using namespace recorte::testkit;
  Host host;
  const Plugin plugin(host, argv[1]);

  Survey survey(plugin, R"({"survey": {"title": "Plates"}})");
  std::printf("%s\n", survey.describe().find("/title")->c_str());
  for (const auto& image : survey.find(circle(10, -20, 0.1), {.bands = {"r"}})) {
    std::printf("%s %s %s %s %g %g %g", image.id.c_str(), image.release.c_str(),
                image.variant.c_str(), image.access_group.c_str(), image.t_min, image.exptime,
                image.zeropoint);
    for (const auto& plane : image.planes)
      std::printf(" %d:%s[%d%s]", plane.role, plane.uri.c_str(), plane.hdu, plane.extname.c_str());
    std::printf("\n");
  }

  Algorithm algorithm(plugin);
  Job job;
  for (const char* band : {"g", "r"})
    job.add({.band = band, .width = 8, .height = 4, .pixel = [](auto x, auto y) {
               return static_cast<double>(10 * y + x);
             }});
  job.params(R"({"factor": 3})");
  for (const auto& product : algorithm.make(job, 2))
    std::printf("%s %s %d %gx%g %g\n", product.name.c_str(), product.band.c_str(), product.bitpix,
                static_cast<double>(product.width), static_cast<double>(product.height),
                product.at(5, 3));
  for (const auto& line : host.log()) std::printf("%d %s\n", line.level, line.message.c_str());
  std::printf("%d images left\n", static_cast<int>(host.images()));
} catch (const std::exception& e) {
  std::printf("%s\n", e.what());
  return 1;
}
