// SPDX-License-Identifier: BSD-3-Clause
//
// cut_bench SURVEYS PLUGINS REQUESTS [IMAGE]: all that a worker does for each of the requests (one
// canonical text a line), warm, in this process: from the request to a finished product in memory.
// With IMAGE, the FITS that the survey consists of, CFITSIO cuts the same pixels in turn. Every
// request is made once before, and the pixels of both compared. Prints JSON: lists of seconds.
#include "core/cutout/cutter.hpp"
#include "core/store/sink.hpp"
#include "core/worker/limits.hpp"
#include "tests/bench/cfitsio_peer.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace recorte;

namespace {

double seconds(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return double(t.tv_sec) + 1e-9 * double(t.tv_nsec);
}

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "cut_bench: %s\n", why.c_str());
  std::exit(1);
}

template <class T>
T need(Result<T> result) {
  if (!result) give_up(result.error().message);
  return *std::move(result);
}

std::vector<cutout::Task> read_tasks(const char* path) {
  std::ifstream lines(path);
  std::vector<cutout::Task> tasks;
  for (std::string line; std::getline(lines, line);) {
    cutout::Task task;
    task.id = std::to_string(tasks.size());
    task.items.push_back({tasks.size(), need(cutout::parse_canonical(line)), {}});
    tasks.push_back(std::move(task));
  }
  if (tasks.empty()) give_up(std::string("no requests in ") + path);
  return tasks;
}

/// One request into a file in memory that is used again, as the server has it done.
std::string_view cut(cutout::Cutter& cutter, const cutout::Task& task, store::Sink& sink) {
  if (!sink.rewind()) give_up("the sink cannot be rewound");
  const auto report = need(cutter.run(task, {}, sink.descriptor()));
  const auto& outcome = report.outcomes.at(0);
  if (outcome.error) give_up(outcome.error->message);
  const auto product = sink.content(outcome.offset, outcome.bytes).memory();
  return {reinterpret_cast<const char*>(product.data()), product.size()};
}

bool same_bits(const std::vector<float>& a, std::span<const float> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), b.size_bytes()) == 0;
}

/// Wall and CPU seconds of what was done, one entry a request.
struct Times {
  std::vector<double> wall, cpu;

  template <class F>
  void time(F&& work) {
    const double cpu_before = seconds(CLOCK_PROCESS_CPUTIME_ID);
    const double before = seconds(CLOCK_MONOTONIC);
    work();
    wall.push_back(seconds(CLOCK_MONOTONIC) - before);
    cpu.push_back(seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu_before);
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4 && argc != 5) give_up("usage: cut_bench SURVEYS PLUGINS REQUESTS [IMAGE]");
  worker::keep_freed_memory();  // as a worker does; CFITSIO gains as well
  cutout::Cutter cutter(argv[1], plugin::Registry::scan({argv[2]}));
  const auto tasks = read_tasks(argv[3]);
  std::unique_ptr<bench::CfitsioPeer> peer;
  if (argc == 5) peer = std::make_unique<bench::CfitsioPeer>(argv[4]);

  auto sink = need(store::Sink::in_memory());
  std::vector<bench::Section> sections;
  std::vector<std::size_t> bytes;
  for (const auto& task : tasks) {
    cut(cutter, task, sink);  // twice, as the peer goes over each section twice below
    const auto text = cut(cutter, task, sink);
    bytes.push_back(text.size());
    if (!peer) continue;
    const auto product = std::as_bytes(std::span(text));
    const auto section = sections.emplace_back(peer->where(product));
    const auto pixels = bench::pixels_of(product);
    for (const auto& theirs : {peer->copy_section(section), peer->read_and_write(section)})
      if (!same_bits(pixels, bench::pixels_of(
                                 {static_cast<const std::byte*>(theirs.bytes.get()), theirs.size})))
        give_up("the pixels of request " + task.id + " are not CFITSIO's");
  }

  // In turns of some cutouts each, as a worker makes one after another: none has to bring its own
  // code and tables back into the processor's caches after every cutout of another, and each is at
  // another place than those before it, so that none finds its pixels there.
  constexpr std::size_t kTurn = 20;
  Times ours, copied, by_hand, read;
  const auto count = tasks.size();
  const auto in_turn = [&](std::size_t begin, std::size_t shift, auto&& work) {
    for (std::size_t i = begin; i < std::min(begin + kTurn, count); ++i) work((i + shift) % count);
  };
  for (std::size_t i = 0; i < count; i += kTurn) {
    in_turn(i, 0, [&](std::size_t at) { ours.time([&] { cut(cutter, tasks[at], sink); }); });
    if (!peer) continue;
    in_turn(i, count / 4, [&](std::size_t at) {
      peer->forget(sections[at]);
      copied.time([&] { peer->copy_section(sections[at]); });
    });
    in_turn(i, count / 2, [&](std::size_t at) {
      peer->forget(sections[at]);
      by_hand.time([&] { peer->read_and_write(sections[at]); });
    });
    in_turn(i, 3 * count / 4, [&](std::size_t at) {
      peer->forget(sections[at]);
      read.time([&] { peer->read(sections[at]); });
    });
  }

  std::nth_element(bytes.begin(), bytes.begin() + std::ptrdiff_t(bytes.size() / 2), bytes.end());
  nlohmann::json out{
      {"ours", ours.wall}, {"ours_cpu", ours.cpu}, {"bytes", bytes[bytes.size() / 2]}};
  if (peer) {
    out["copy_image_section"] = copied.wall;
    out["read_subset_and_write"] = by_hand.wall;
    out["read_subset"] = read.wall;
  }
  std::puts(out.dump().c_str());
}
